import Crystallography
import Foundation
import NumericalMethods

/// All pairs of atoms within a cut-off, images included, by cell lists on a Minkowski-reduced basis: time and
/// memory grow with the number of pairs, for any cell shape and for cells smaller than the cut-off.
package struct NeighbourSearch {
    private let lattice: Lattice
    private let positions: [SIMD3<Double>]
    private let cutoff: Double
    /// Bins along each axis and the bins that the cut-off spans.
    private let bins: SIMD3<Int>
    private let reach: SIMD3<Int>

    package init(lattice: Lattice, positions: [SIMD3<Double>], cutoff: Double) {
        let reduction = LatticeReduction(lattice)
        self.lattice = reduction.lattice
        let toReduced = Matrix3(reduction.transformation.inverse ?? .identity).transpose
        self.positions = positions.map { (toReduced * $0).wrapped }
        self.cutoff = cutoff
        // Of a vector no longer than the cut-off, component i is at most cutoff · |a*ᵢ|.
        let span = reduction.lattice.reciprocal.lengths * cutoff
        var (bins, reach) = (SIMD3(1, 1, 1), SIMD3(1, 1, 1))
        let most = max(1, Int(cbrt(Double(positions.count)).rounded(.up)))
        for axis in 0..<3 {
            bins[axis] = min(most, max(1, Int((1 / span[axis]).rounded(.down))))
            reach[axis] = Int((span[axis] * Double(bins[axis])).rounded(.up))
        }
        (self.bins, self.reach) = (bins, reach)
    }

    private func bin(_ f: SIMD3<Double>, _ axis: Int) -> Int {
        min(bins[axis] - 1, Int(f[axis] * Double(bins[axis])))
    }

    /// Every unordered pair once, in an order that depends on the input only.
    package func forEachPair(_ body: (CrystalGraph.Bond) -> Void) {
        let members = members
        for i in positions.indices {
            forEachNeighbour(of: i, members) { j, isForward in
                i < Int(j) || (i == Int(j) && isForward)
            } body: {
                body($0)
            }
        }
    }

    /// Every neighbour of some atoms, in all its images.
    func forEachNeighbour(of atoms: [Int], _ body: (CrystalGraph.Bond) -> Void) {
        let members = members
        for i in atoms {
            forEachNeighbour(of: i, members) { _, _ in
                true
            } body: {
                if $0.length > 0 { body($0) }
            }
        }
    }

    /// The atoms of each bin.
    private var members: [[Int32]] {
        var members = [[Int32]](repeating: [], count: bins.x * bins.y * bins.z)
        for (index, f) in positions.enumerated() {
            members[(bin(f, 0) * bins.y + bin(f, 1)) * bins.z + bin(f, 2)].append(Int32(index))
        }
        return members
    }

    @inline(__always)
    private func forEachNeighbour(
        of i: Int, _ members: [[Int32]], where isWanted: (_ j: Int32, _ isForward: Bool) -> Bool,
        body: (CrystalGraph.Bond) -> Void
    ) {
        let limit = cutoff * cutoff
        let origin = positions[i]
        let home = SIMD3(bin(origin, 0), bin(origin, 1), bin(origin, 2))
        for x in (home.x - reach.x)...(home.x + reach.x) {
            let (cellX, binX) = Self.wrap(x, bins.x)
            for y in (home.y - reach.y)...(home.y + reach.y) {
                let (cellY, binY) = Self.wrap(y, bins.y)
                for z in (home.z - reach.z)...(home.z + reach.z) {
                    let (cellZ, binZ) = Self.wrap(z, bins.z)
                    let cell = SIMD3(Double(cellX), Double(cellY), Double(cellZ))
                    let isForward = (cellX, cellY, cellZ) > (0, 0, 0)
                    for j in members[(binX * bins.y + binY) * bins.z + binZ] {
                        guard isWanted(j, isForward) else { continue }
                        let vector = (origin - positions[Int(j)] - cell) * lattice.vectors
                        let square = vector.dot(vector)
                        guard square <= limit else { continue }
                        body(
                            CrystalGraph.Bond(
                                first: Int32(i), second: j, vector: vector, length: square.squareRoot()))
                    }
                }
            }
        }
    }

    /// Which cell and which bin in it.
    private static func wrap(_ bin: Int, _ count: Int) -> (cell: Int, bin: Int) {
        let rest = bin % count
        let inside = rest < 0 ? rest + count : rest
        return ((bin - inside) / count, inside)
    }
}
