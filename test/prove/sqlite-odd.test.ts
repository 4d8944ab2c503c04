import { proofs } from './seeds.ts'

proofs('sqlite', { seeds: [1, 3, 5, 7], histories: 250 })
