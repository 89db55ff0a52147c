/** Where a home keeps what the feature store serves. */
export interface FeaturePaths {
  /** `online.db` */
  readonly onlinePath: string
  /** The folder of the log of served features. */
  readonly servedFeaturesPath: string
}
