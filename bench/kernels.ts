export async function kernels(_quick: boolean): Promise<void> {}
