import Crystallography
import NumericalMethods

/// Points of a cell in bins wider than any distance asked for, so that neighbours are found without looking at all.
struct OccupiedPlaces {
    private let lattice: Lattice
    private let counts: SIMD3<Int>
    private var bins: [Int: [Entry]] = [:]

    /// Å; the largest distance that may be asked for.
    static let reach = 0.5

    struct Entry {
        var position: SIMD3<Double>
        var index: Int
    }

    init(lattice: Lattice) {
        self.lattice = lattice
        let spacings = 1 / lattice.reciprocal.lengths
        counts = SIMD3(Self.count(spacings.x), Self.count(spacings.y), Self.count(spacings.z))
    }

    /// Bins along an axis whose planes stand this far apart; a few hundred are enough for the largest cells.
    private static func count(_ spacing: Double) -> Int { Int(min(max(spacing / (1.1 * reach), 1), 400)) }

    private func bin(_ position: SIMD3<Double>) -> SIMD3<Int> {
        let inside = position.wrapped * SIMD3<Double>(counts)
        return SIMD3(
            min(Int(inside.x), counts.x - 1), min(Int(inside.y), counts.y - 1),
            min(Int(inside.z), counts.z - 1))
    }

    private func key(_ bin: SIMD3<Int>) -> Int { (bin.x * counts.y + bin.y) * counts.z + bin.z }

    mutating func insert(_ position: SIMD3<Double>, index: Int) {
        bins[key(bin(position)), default: []].append(Entry(position: position, index: index))
    }

    /// The points nearer than `distance`, which is at most `reach`, in the order of their indices.
    func near(_ position: SIMD3<Double>, within distance: Double) -> [Entry] {
        let own = bin(position)
        var keys: Set<Int> = []
        for x in -1...1 {
            for y in -1...1 {
                for z in -1...1 {
                    let place = (own &+ SIMD3(x, y, z) &+ counts) % counts
                    keys.insert(key(place))
                }
            }
        }
        let found = keys.flatMap { key in
            (bins[key] ?? []).filter {
                lattice.length(($0.position - position).nearestImage) < distance
            }
        }
        return found.sorted { $0.index < $1.index }
    }
}
