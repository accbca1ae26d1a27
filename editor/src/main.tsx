import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Studio } from './app/Studio'
import './styles/base.css'

const root = document.getElementById('studio')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <Studio />
    </StrictMode>,
  )
}
