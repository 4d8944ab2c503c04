import { proofs } from './seeds.ts'

proofs('postgres', { seeds: [9, 10], histories: 30 })
