import { spoken } from '../../core/language'

/** What the flow picture says itself; the words of its steps are those of the rule's sentence. */
export const WORDS = {
  picture: spoken('The rule as a picture', '规则流程图'),
  intro: spoken('Choose a step to go to it in the form.', '点击步骤可跳到表单中的对应位置。'),
  goTo: spoken('Go to it in the form', '跳到表单中的此处'),
  controls: spoken('Size of the picture', '图的大小'),
  zoomIn: spoken('Larger', '放大'),
  zoomOut: spoken('Smaller', '缩小'),
  fit: spoken('Show all of it', '显示全部'),
  step: spoken('Step', '步骤'),
  edge: spoken('From one step to the next', '步骤之间的连线'),
}
