/** Who moves an alias or deploys when the API is called. */
export const actor = 'api'
