import Foundation

/// Trials that were looked at: base lines of one lattice give it again and again, a little different each time.
struct SeenTrials {
    private var cells: Set<SIMD8<Int32>> = []
    /// Natural logarithm of a diagonal element of the metric, or share of two axes' product, within which trials are one.
    private let width: Double

    init(width: Double) { self.width = width }

    /// Whether nothing like it was there before.
    mutating func insert(_ trial: TrialLattice) -> Bool {
        let m = trial.metric
        func step(_ value: Double) -> Int32 { Int32(clamping: Int((value / width).rounded(.down))) }
        let cell = SIMD8<Int32>(
            step(log(m.a)), step(log(m.b)), step(log(m.c)), step(m.bc / (m.b * m.c).squareRoot()),
            step(m.ac / (m.a * m.c).squareRoot()), step(m.ab / (m.a * m.b).squareRoot()), 0, 0)
        return cells.insert(cell).inserted
    }
}
