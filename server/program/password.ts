import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** How much work one guess is: scrypt's cost, block size and parallelism. */
export type PasswordCost = { N: number; r: number; p: number }

// As strong as N=2^17, r=8, p=1 by OWASP's table, in a quarter of the memory: a login must not double this process.
const usual: PasswordCost = { N: 2 ** 15, r: 8, p: 3 }

export type Passwords = ReturnType<typeof passwords>

/** Passwords as they are stored: what a new one's hash costs, and whether one is the one that was stored, at what that cost. */
export function passwords(cost = usual) {
  // Somebody with a password that nobody has, so that an unknown address costs the same time as a known one.
  const nobody = stored(cost, Buffer.alloc(16), Buffer.alloc(32))
  return {
    /** The way it was hashed, a salt, the hash. */
    async hash(password: string) {
      const salt = randomBytes(16)
      return stored(cost, salt, await derive(password, salt, cost))
    },
    /** True where the password is the one that was stored. Without a stored one it takes as long and is false. */
    async isSame(password: string, known: string | undefined) {
      const [, N, r, p, salt = '', hash = ''] = (known ?? nobody).split('$')
      const wanted = Buffer.from(hash, 'base64url')
      const given = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) })
      return wanted.length === given.length && timingSafeEqual(wanted, given) && known !== undefined
    },
  }
}

function stored({ N, r, p }: PasswordCost, salt: Buffer, hash: Buffer) {
  return `scrypt$${N}$${r}$${p}$${salt.toString('base64url')}$${hash.toString('base64url')}`
}

function derive(password: string, salt: Buffer, cost: PasswordCost) {
  return new Promise<Buffer>((resolve, reject) => {
    const done = (error: Error | null, key: Buffer) => (error ? reject(error) : resolve(key))
    scrypt(password.normalize('NFKC'), salt, 32, { ...cost, maxmem: 64 * 1024 * 1024 }, done)
  })
}
