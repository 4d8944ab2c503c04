import { fuzzTests } from './seeds.ts'

fuzzTests([1, 3, 5, 7, 9])
