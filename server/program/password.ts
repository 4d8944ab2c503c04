import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

// As strong as N=2^17, r=8, p=1 by OWASP's table, in a quarter of the memory: a login must not double this process.
const cost = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 }

/** A password as it is stored: the way it was hashed, a salt, the hash. */
export async function hashPassword(password: string) {
  const salt = randomBytes(16)
  const hash = await derive(password, salt)
  return `scrypt$${cost.N}$${cost.r}$${cost.p}$${salt.toString('base64url')}$${hash.toString('base64url')}`
}

/** True where the password is the one that was stored. Without a stored one it takes as long and is false. */
export async function isPassword(password: string, stored: string | undefined) {
  const [, , , , salt, hash] = (stored ?? nobody).split('$')
  const wanted = Buffer.from(hash ?? '', 'base64url')
  const given = await derive(password, Buffer.from(salt ?? '', 'base64url'))
  return wanted.length === given.length && timingSafeEqual(wanted, given) && stored !== undefined
}

// Somebody with a password that nobody has, so that an unknown address costs the same time as a known one.
const nobody = `scrypt$${cost.N}$${cost.r}$${cost.p}$${Buffer.alloc(16).toString('base64url')}$${Buffer.alloc(32).toString('base64url')}`

function derive(password: string, salt: Buffer) {
  return new Promise<Buffer>((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 32, cost, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
