import { defineAll } from './define.ts'

export type * from './public.ts'

// What is more than this line has a name that changes with its content: see the build.
defineAll()
