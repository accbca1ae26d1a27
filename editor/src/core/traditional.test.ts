import { expect, test } from 'vitest'
import sentences from '../../../tests/editor/sentences.json'
import { nearest, saidIn, spoken } from './language'
import { loadTraditional, traditional } from './traditional'

test('every sentence of the library reads as the server writes it', async () => {
  await loadTraditional()
  for (const said of Object.values(sentences)) expect(traditional(said['zh-Hans'])).toBe(said['zh-Hant'])
})

test('what a function answers is converted, and parts keep their places', async () => {
  await loadTraditional()
  const words = { title: '标签', count: (members: number) => `${members} 位会员`, views: ['发布', '复制'] }
  const said = spoken({ title: 'Tags', count: String, views: [] as string[] }, words)['zh-Hant']
  expect([said.title, said.count(3), said.views]).toEqual(['標籤', '3 位會員', ['發佈', '複製']])
  expect(traditional(words)).toBe(said)
})

test('what somebody wrote in 繁體 stands, and is made only where nobody did', async () => {
  await loadTraditional()
  expect(saidIn({ 'zh-Hans': '发布', 'zh-Hant': '發表' }, 'zh-Hant')).toBe('發表')
  expect(saidIn({ 'zh-Hans': '发布', 'zh-Hant': '' }, 'zh-Hant')).toBe('發佈')
  expect(saidIn({ 'zh-Hans': '发布' }, 'zh-Hans')).toBe('发布')
  expect(saidIn({ en: 'Publish' }, 'zh-Hant')).toBeUndefined()
})

test.each([
  ['zh-TW', 'zh-Hant'], ['zh-HK', 'zh-Hant'], ['zh-Hant-MO', 'zh-Hant'], ['zh', 'zh-Hans'], ['zh-CN', 'zh-Hans'], ['en-GB', 'en'], ['fr', 'en'],
])('a browser that asks for %s gets %s', (wanted, language) => {
  expect(nearest(wanted)).toBe(language)
})
