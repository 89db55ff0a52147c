/** The anomaly names of TensorFlow Data Validation (TFDV): which Esteira raises and when, which do not apply to tables and why. */
import type { AnomalyType } from '../../src/shared/anomalies.ts'

/** What has to happen for each type that Esteira raises. */
export const raised: Readonly<Record<AnomalyType, string>> = {
  INVALID_SCHEMA_SPECIFICATION:
    'the schema file contradicts itself, has an unknown key, or a check that is no condition in SQL',
  INVALID_DOMAIN_SPECIFICATION:
    'a domain contradicts itself: `min` above `max`, a value listed twice, a pattern that is not RE2',
  DOMAIN_INVALID_FOR_TYPE: 'a rule of the domain means nothing for the type, such as `min` of a text',
  BOOL_TYPE_INVALID_CONFIG: 'the `values` of a boolean column hold something else than true and false',
  FEATURE_MISSING_NAME: 'the schema has a column without a name',
  FEATURE_MISSING_TYPE: 'the schema has a column without a type',
  DATASET_LOW_NUM_EXAMPLES: 'fewer rows than `rows: { min }`',
  DATASET_HIGH_NUM_EXAMPLES: 'more rows than `rows: { max }`',
  COMPARATOR_LOW_NUM_EXAMPLES: 'fewer rows, as a share of the span before, than `rows: { minFractionOfPrevious }`',
  COMPARATOR_HIGH_NUM_EXAMPLES: 'more rows, as a share of the span before, than `rows: { maxFractionOfPrevious }`',
  DATASET_STALE: 'the newest row is older than `freshness: { maxAge }`',
  STATS_NOT_AVAILABLE: 'a rule needs the rows and the step was not given them, or no column says when a row happened',
  SCHEMA_NEW_COLUMN: 'the data has a column that the schema does not know (`newColumns` says how grave that is)',
  SCHEMA_MISSING_COLUMN: 'a column with `presence` is not in the data, in an environment that expects it',
  UNEXPECTED_DATA_TYPE: 'the column is of another type',
  FEATURE_TYPE_NOT_PRESENT: 'every value is missing where some are asked for',
  FEATURE_TYPE_LOW_FRACTION_PRESENT: 'a smaller share of rows has a value than `presence: { minFraction }`',
  FEATURE_TYPE_LOW_NUMBER_PRESENT: 'fewer rows have a value than `presence: { minCount }`',
  FEATURE_TYPE_LOW_UNIQUE: 'fewer different values than `unique: { min }`, or a smaller share than `minFraction`',
  FEATURE_TYPE_HIGH_UNIQUE: 'more different values than `unique: { max }`, or a larger share than `maxFraction`',
  FEATURE_TYPE_NO_UNIQUE:
    '`unique` of a column of lists, structs or binary values, whose different values are not counted',
  ENUM_TYPE_UNEXPECTED_STRING_VALUES:
    'texts outside of `domain: { values }` or unlike `pattern`, beyond `minDomainMass`',
  ENUM_TYPE_INVALID_UTF8: 'bytes where text is expected, some of which are not UTF-8',
  SEMANTIC_DOMAIN_UPDATE:
    'every value has a well-known form (e-mail, web address, UUID, IPv4) of which the schema says nothing',
  BOOL_TYPE_UNEXPECTED_STRING: 'truth values outside of `values`, or a few texts that spell none',
  BOOL_TYPE_UNEXPECTED_FLOAT: 'numbers other than 0 and 1 where truth values are expected',
  BOOL_TYPE_SMALL_INT: 'whole numbers below 0 where truth values are expected',
  BOOL_TYPE_BIG_INT: 'whole numbers above 1 where truth values are expected',
  INT_TYPE_SMALL_INT: 'a whole number or an instant below `domain: { min }`',
  INT_TYPE_BIG_INT: 'a whole number or an instant above `domain: { max }`',
  INT_TYPE_NOT_INT_STRING: 'a column of whole numbers that is one of texts, as some of its values are none',
  FLOAT_TYPE_SMALL_FLOAT: 'a number below `domain: { min }`',
  FLOAT_TYPE_BIG_FLOAT: 'a number above `domain: { max }`',
  FLOAT_TYPE_STRING_NOT_FLOAT: 'a column of numbers that is one of texts, as some of its values are none',
  FLOAT_TYPE_HAS_NAN: 'NaN without `domain: { allowNan: true }`',
  FLOAT_TYPE_HAS_INF: 'infinite numbers without `domain: { allowInfinite: true }`',
  CUSTOM_VALIDATION: 'fewer rows meet a condition of `checks` than it asks for',
  COMPARATOR_CONTROL_DATA_MISSING: 'a column with a comparator of its own is not in the data that it is compared with',
  COMPARATOR_L_INFTY_HIGH: 'the measure `l-infinity` is beyond its threshold',
  COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH: 'the measure `jensen-shannon-divergence` is beyond its threshold',
  COMPARATOR_NORMALIZED_ABSOLUTE_DIFFERENCE_HIGH:
    'the measure `normalized-absolute-difference` is beyond its threshold',
  COMPARATOR_MEASURE_HIGH: 'any other measure is beyond its threshold',
}

/** Types that TFDV has no name for. */
export const ours: readonly AnomalyType[] = ['DATASET_STALE', 'COMPARATOR_MEASURE_HIGH']

const never = 'TFDV defines it and never raises it'
const cell = 'a cell of a table holds one value; columns of lists and structs are carried but are no features'
const sparse = 'sparse and weighted features are pairs of columns in TensorFlow examples; tables have none'
const language = 'it is about tokens of natural language or embeddings'
const image = 'it is about images'

/** Why the others of TFDV's names are not raised. */
export const notRaised: Readonly<Record<string, string>> = {
  UNKNOWN_TYPE: 'it stands for no type',
  MULTIPLE_REASONS: 'each reason is an anomaly of its own',
  FEATURE_TYPE_HIGH_NUMBER_VALUES: cell,
  FEATURE_TYPE_LOW_NUMBER_VALUES: cell,
  INVALID_FEATURE_SHAPE: cell,
  VALUE_NESTEDNESS_MISMATCH: cell,
  SPARSE_FEATURE_MISSING_VALUE: sparse,
  SPARSE_FEATURE_MISSING_INDEX: sparse,
  SPARSE_FEATURE_LENGTH_MISMATCH: sparse,
  SPARSE_FEATURE_NAME_COLLISION: sparse,
  WEIGHTED_FEATURE_NAME_COLLISION: sparse,
  WEIGHTED_FEATURE_MISSING_VALUE: sparse,
  WEIGHTED_FEATURE_MISSING_WEIGHT: sparse,
  WEIGHTED_FEATURE_LENGTH_MISMATCH: sparse,
  SEQUENCE_VALUE_TOO_FEW_OCCURRENCES: language,
  SEQUENCE_VALUE_TOO_MANY_OCCURRENCES: language,
  SEQUENCE_VALUE_TOO_SMALL_FRACTION: language,
  SEQUENCE_VALUE_TOO_LARGE_FRACTION: language,
  FEATURE_COVERAGE_TOO_LOW: language,
  FEATURE_COVERAGE_TOO_SHORT_AVG_TOKEN_LENGTH: language,
  NLP_WRONG_LOCATION: never,
  EMBEDDING_SHAPE_INVALID: never,
  LOW_SUPPORTED_IMAGE_FRACTION: image,
  MAX_IMAGE_BYTE_SIZE_EXCEEDED: image,
  BOOL_TYPE_BYTES_NOT_INT: never,
  BOOL_TYPE_BYTES_NOT_STRING: never,
  BOOL_TYPE_FLOAT_NOT_INT: never,
  BOOL_TYPE_FLOAT_NOT_STRING: never,
  BOOL_TYPE_INT_NOT_STRING: never,
  BOOL_TYPE_STRING_NOT_INT: never,
  ENUM_TYPE_BYTES_NOT_STRING: never,
  ENUM_TYPE_FLOAT_NOT_STRING: never,
  ENUM_TYPE_INT_NOT_STRING: never,
  FEATURE_TYPE_NO_VALUES: never,
  FEATURE_TYPE_UNEXPECTED_REPEATED: never,
  FLOAT_TYPE_NOT_FLOAT: never,
  FLOAT_TYPE_NON_STRING: never,
  FLOAT_TYPE_UNKNOWN_TYPE_NUMBER: never,
  INT_TYPE_INT_EXPECTED: never,
  INT_TYPE_NOT_STRING: never,
  INT_TYPE_STRING_EXPECTED: never,
  INT_TYPE_UNKNOWN_TYPE_NUMBER: never,
  SCHEMA_TRAINING_SERVING_SKEW: never,
  STRING_TYPE_NOW_FLOAT: never,
  STRING_TYPE_NOW_INT: never,
  COMPARATOR_TREATMENT_DATA_MISSING: never,
  NO_DATA_IN_SPAN: never,
}
