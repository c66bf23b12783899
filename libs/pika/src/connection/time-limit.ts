/** Settles like `work`, or rejects with what `expired` returns when it took longer than `ms`. `work` goes on unobserved then. */
export function withTimeLimit<T>(work: Promise<T>, ms: number, expired: () => Error): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(expired()), ms);
    void work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
