/** Address of the Start page for a path of this machine: a folder, the file of a project, or a data file. */
export function startAddress(path: string, isFolder: boolean): string {
  const project = /^(.*)[\\/]esteira\.yaml$/.exec(path)?.[1]
  const [name, value] = isFolder ? ['folder', path] : project !== undefined ? ['folder', project] : ['file', path]
  return `/start?${name}=${encodeURIComponent(value)}`
}
