/** Where the data pages are. */
export const datasetPath = (projectId: string, dataset: string) => `/data/${projectId}/${encodeURIComponent(dataset)}`
export const sqlPath = (projectId: string) => `/data/${projectId}`
