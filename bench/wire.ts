import { connect, type Socket } from 'node:net'

const END_OF_HEAD = Buffer.from('\r\n\r\n')

/** A connection over which one request at a time is sent as it stands, and of whose answer only the status is read. */
export class Wire {
  #socket: Socket
  #unread: Buffer | null = null
  #waiting: { resolve(status: number): void; reject(problem: Error): void } | null = null

  constructor(port: number) {
    this.#socket = connect({ host: '127.0.0.1', port })
    this.#socket.on('data', chunk => this.#read(chunk))
    this.#socket.on('error', problem => this.cut(problem.message))
    this.#socket.on('close', () => this.cut('closed without an answer'))
  }

  /** False once either side has closed it. */
  get isOpen() {
    return !this.#socket.destroyed
  }

  /** The status of a whole answer; rejects when the connection ends before that. */
  ask(request: string) {
    return new Promise<number>((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#socket.write(request, 'latin1')
    })
  }

  cut(reason: string) {
    this.#waiting?.reject(new Error(reason))
    this.#waiting = null
    this.#socket.destroy()
  }

  end() {
    this.#socket.end()
  }

  #read(chunk: Buffer) {
    const bytes = this.#unread ? Buffer.concat([this.#unread, chunk]) : chunk
    const length = lengthOf(bytes)
    this.#unread = length === null || bytes.length < length ? bytes : null
    if (this.#unread) return
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.resolve(Number(bytes.toString('latin1', 9, 12)))
  }
}

// Every answer here has a content-length; one that had not would be waited for until patience ends, and then be told of.
function lengthOf(bytes: Buffer) {
  const head = bytes.indexOf(END_OF_HEAD)
  if (head < 0) return null
  const found = /\r\ncontent-length: *(\d+)/i.exec(bytes.toString('latin1', 0, head))
  return found ? head + END_OF_HEAD.length + Number(found[1]) : null
}
