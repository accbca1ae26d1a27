import { spoken } from '../../core/language'

/** What the keys of the editor do, in the order in which they are told. */
export const KEYS = [
  { keys: ['Alt+Enter'], does: spoken('Add to the list that you are in', '在当前列表中添加') },
  { keys: ['Alt+↑', 'Alt+↓'], does: spoken('Move the row up or down', '上移或下移所在行') },
  { keys: ['Alt+→', 'Alt+←'], does: spoken('Move the row into a group, or out of it', '将所在行移入或移出条件组') },
  { keys: ['Ctrl+D'], does: spoken('Duplicate the row', '为所在行创建副本') },
  { keys: ['Ctrl+C', 'Ctrl+X', 'Ctrl+V'], does: spoken('Copy, cut or paste the row, where no text is selected', '复制、剪切或粘贴所在行（未选中文字时）') },
  { keys: ['Alt+Delete'], does: spoken('Remove the row', '删除所在行') },
  { keys: ['Ctrl+Z'], does: spoken('Undo', '撤销') },
  { keys: ['Ctrl+Y', 'Ctrl+Shift+Z'], does: spoken('Redo', '重做') },
  { keys: ['↑', '↓', 'Home', 'End'], does: spoken('In a menu: go to another entry; letters find one by its name', '在菜单中：切换选项；输入文字可按名称查找') },
  { keys: ['←', '→'], does: spoken('On the tabs beside the rule: show another one', '在规则旁的标签页上：切换标签页') },
  { keys: ['Esc'], does: spoken('Close a menu or a dialog', '关闭菜单或对话框') },
  { keys: ['?'], does: spoken('Show these keys, where no text is typed', '显示这些快捷键（未在输入文字时）') },
] as const

export const ON_A_MAC = spoken('On a Mac it is ⌘ instead of Ctrl, and ⌥ instead of Alt.', '在 Mac 上，用 ⌘ 代替 Ctrl，用 ⌥ 代替 Alt。')
