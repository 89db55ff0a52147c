/**
 * Property tests draw the same examples at every run, so that a change is judged by what it changed. To search for new
 * counterexamples, give another seed: `ESTEIRA_SEED=random npm run test:unit`, or the number that a failure named.
 */
import fc from 'fast-check'

const defaultSeed = 20_010_101

const wanted = process.env.ESTEIRA_SEED ?? String(defaultSeed)
if (wanted !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted) })
