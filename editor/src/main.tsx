import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Studio } from './app/Studio'
import { ready } from './core/language'
import './styles/base.css'

const root = document.getElementById('studio')
if (root !== null) {
  await ready()
  createRoot(root).render(
    <StrictMode>
      <Studio />
    </StrictMode>,
  )
}
