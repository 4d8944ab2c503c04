import { Skeleton } from './parts.tsx'

/** In the place of what a tab of the dashboard is about to show. */
export function RowsSkeleton({ label }: { label: string }) {
  return <Skeleton label={label} shapes={['word', 'row', 'row', 'row', 'row']} />
}
