import Crystallography
import NumericalMethods

/// The shifts of many correspondences in the order of Σ over the first's atoms of the squared distance to the nearest atom
/// of the kind, which no pairing at that shift is below.
///
/// Every shift is measured on a few atoms of the rarest kinds, then always the one that has the least so far on some more:
/// whatever comes to more than the best on its first atoms is never measured to the end.
struct ShiftQueue {
    /// A correspondence of the cells.
    struct Frame {
        /// The first's atoms in the second's coordinates.
        let positions: [SIMD3<Double>]
        let metric: AlignmentMetric
        /// (V/N)^⅓ in Å.
        let scale: Double
        let shifts: [SIMD3<Double>]
    }

    /// The next in the order.
    struct Candidate {
        let frame: Int
        let shift: SIMD3<Double>
        /// In units of the frame's (V/N)^⅔.
        let sum: Double
    }

    /// What is known of one shift.
    private struct Entry {
        /// Never more than the sum; in units of the frame's (V/N)^⅔.
        var bound: Double
        /// Å², over the atoms that are measured.
        var sum = 0.0
        var measured = 0
        /// Nothing that is measured lies so far that another image might be nearer.
        var isExact = true
        var isComplete = false
        let frame: Int
        let shift: Int

        /// Those that are not complete first: they may turn out to be as little.
        static func precedes(_ a: Entry, _ b: Entry) -> Bool {
            if a.bound != b.bound { return a.bound < b.bound }
            if a.isComplete != b.isComplete { return b.isComplete }
            return (a.frame, a.shift) < (b.frame, b.shift)
        }
    }

    private let alignment: SiteAlignment
    private let target: SiteAlignment.Target
    private let frames: [Frame]
    private let sequences: [[(position: SIMD3<Double>, kind: Int)]]
    private var heap: [Entry] = []
    /// By frame: shifts that are known, with how far (Å) from them no other pairing is the nearest.
    private var known: [[(shift: SIMD3<Double>, radius: Double)]]

    /// Atoms that are measured at a time.
    private static let step = 8

    /// - Parameters:
    ///   - limit: what comes to more (in units of (V/N)^⅔) is left out.
    ///   - check: throws where the work is to end.
    init(
        _ alignment: SiteAlignment, _ target: SiteAlignment.Target, _ frames: [Frame],
        limit: Double = .infinity, check: () throws -> Void
    ) rethrows {
        (self.alignment, self.target, self.frames) = (alignment, target, frames)
        sequences = frames.map { alignment.sequence($0.positions) }
        known = frames.map { _ in [] }
        heap.reserveCapacity(frames.reduce(0) { $0 + $1.shifts.count })
        for (frame, own) in frames.enumerated() {
            try check()
            for shift in own.shifts.indices {
                var entry = Entry(bound: 0, frame: frame, shift: shift)
                measure(&entry, limit)
                if entry.bound <= limit { heap.append(entry) }
            }
        }
        for k in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(k) }
    }

    /// The shift of the least sum that was not given yet; nil behind the last and where all that are left come to more than
    /// `limit` (in units of (V/N)^⅔).
    mutating func next(limit: Double, check: () throws -> Void) rethrows -> Candidate? {
        while var entry = heap.first, entry.bound <= limit {
            let isKnown = isKnown(entry)
            guard !entry.isComplete, !isKnown else {
                heap[0] = heap[heap.count - 1]
                heap.removeLast()
                sink(0)
                guard !isKnown else { continue }
                return Candidate(
                    frame: entry.frame, shift: frames[entry.frame].shifts[entry.shift], sum: entry.bound)
            }
            try check()
            measure(&entry, limit)
            heap[0] = entry
            sink(0)
        }
        return nil
    }

    /// Shifts near one that was looked at lead to the same pairing and need not be given any more.
    ///
    /// - Parameter radius: Å.
    mutating func pass(over shift: SIMD3<Double>, within radius: Double, in frame: Int) {
        known[frame].append((shift, radius))
    }

    private func isKnown(_ entry: Entry) -> Bool {
        let frame = frames[entry.frame]
        return known[entry.frame].contains { shift, radius in
            frame.metric.periodic.shortest(frame.shifts[entry.shift] - shift).length < radius
        }
    }

    /// On some more atoms, or until it comes to more than the limit.
    private func measure(_ entry: inout Entry, _ limit: Double) {
        let frame = frames[entry.frame]
        let shift = frame.shifts[entry.shift]
        let square = frame.scale * frame.scale
        var end = min(entry.measured + Self.step, alignment.count)
        let most = limit * square
        sequences[entry.frame].withUnsafeBufferPointer { sites in
            for k in entry.measured..<end {
                let found = target.lanes.nearest(
                    to: sites[k].position + shift, kind: sites[k].kind, frame.metric.lanes)
                entry.sum += min(found.square, frame.metric.lanes.safe)
                if found.square > frame.metric.lanes.safe { entry.isExact = false }
                guard entry.sum <= most else {
                    end = k + 1
                    break
                }
            }
        }
        if entry.measured == end, !entry.isExact {
            entry.sum =
                alignment.nearestSum(frame.positions, target, shift: shift, frame.metric) ?? .infinity
            entry.isExact = true
        }
        entry.measured = end
        entry.isComplete = end == alignment.count && entry.isExact
        entry.bound = entry.sum / square
    }

    private mutating func sink(_ start: Int) {
        var k = start
        guard k < heap.count else { return }
        while true {
            var least = k
            var child = 2 * k + 1
            while child < min(2 * k + 3, heap.count) {
                if Entry.precedes(heap[child], heap[least]) { least = child }
                child += 1
            }
            guard least != k else { return }
            heap.swapAt(k, least)
            k = least
        }
    }
}
