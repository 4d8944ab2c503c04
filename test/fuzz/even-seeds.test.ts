import { fuzzTests } from './seeds.ts'

fuzzTests([2, 4, 6, 8, 10])
