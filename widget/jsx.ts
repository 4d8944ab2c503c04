import { type Attributes, type ComponentType, Fragment, h } from 'preact'

// What the compiler writes for a tag, over the function that Preact has in any case: its own one for this is as long again.
type Tag = string | ComponentType<unknown>

export const jsx = (tag: Tag, props: object, key?: Attributes['key']) =>
  h(tag as string, key === undefined ? props : { ...props, key })
export { Fragment, jsx as jsxs }
