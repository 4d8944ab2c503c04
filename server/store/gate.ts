/** Lets one piece of work through at a time, in the order of arrival. */
export class Gate {
  #last: Promise<unknown> = Promise.resolve()

  through<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work)
    this.#last = turn.catch(() => {})
    return turn
  }
}
