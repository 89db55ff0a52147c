import { flightRow } from '../src/main/engine/serving/testing-flights.ts'

const airports = ['ORD', 'ATL', 'DFW', 'LAX', 'PHX', 'DEN']

/** The body of a plain request with so many rows that differ, as real ones do. */
export function flightRows(count: number): string {
  const rows = Array.from({ length: count }, (_, row) => ({
    ...flightRow,
    date: new Date(Date.UTC(2001, 2, 1 + (row % 28), row % 24, row % 60)).toISOString(),
    distance: 100 + ((row * 37) % 2_500),
    origin: airports[row % airports.length],
    destination: airports[(row + 1) % airports.length],
  }))
  return JSON.stringify({ rows })
}
