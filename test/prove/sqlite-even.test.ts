import { proofs } from './seeds.ts'

proofs('sqlite', { seeds: [2, 4, 6, 8], histories: 250 })
