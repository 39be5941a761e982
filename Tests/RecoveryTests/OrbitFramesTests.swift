import Crystallography
import NumericalMethods
import Parameterization
import Recovery
import Symmetry
import Testing

/// Orbits as plain numbers, moves of them, and the check that no atoms overlap.
@Suite("Orbits that move") struct OrbitFramesTests {
    /// Polar groups with one, two and three directions beside the crystals without.
    static func crystals() throws -> [ReducedStructure] {
        try Crystals.all() + [
            try Crystals.make(
                "P 63 m c", [3.82, 3.82, 6.26, 90, 90, 120],
                [("Zn1", "Zn", SIMD3(1.0 / 3, 2.0 / 3, 0)), ("S1", "S", SIMD3(1.0 / 3, 2.0 / 3, 0.374))]),
            try Crystals.make(
                "P 1 m 1", [4.1, 5.2, 6.3, 90, 101, 90],
                [
                    ("Li1", "Li", SIMD3(0, 0, 0)), ("O1", "O", SIMD3(0.31, 0.5, 0.22)),
                    ("F1", "F", SIMD3(0.62, 0.21, 0.71)),
                ]),
            try Crystals.make(
                "P 1", [4.1, 5.2, 6.3, 84, 101, 95],
                [("Li1", "Li", SIMD3(0, 0, 0)), ("O1", "O", SIMD3(0.31, 0.5, 0.22))]),
        ]
    }

    private static func free(_ structure: ReducedStructure) -> [Double] {
        Array(structure.parameterVector.dropFirst(structure.latticeParameters.names.count))
    }

    @Test("free coordinates survive the way through all coordinates")
    func roundTrip() throws {
        for structure in try Self.crystals() {
            let frames = OrbitFrames(structure)
            let u = Self.free(structure)
            let back = try #require(frames.free(frames.coordinates(u)))
            #expect(zip(back, u).allSatisfy { abs($0 - $1) < 1e-12 }, "\(structure.spaceGroup.symbol)")
        }
    }

    @Test("a shift of the whole crystal along a polar direction leaves the free coordinates")
    func polarShift() throws {
        var seen = 0
        for structure in try Self.crystals() {
            let frames = OrbitFrames(structure)
            let u = Self.free(structure)
            for direction in structure.spaceGroup.polarDirections {
                seen += 1
                var all = frames.coordinates(u)
                for orbit in structure.orbits.indices {
                    let site = structure.orbits[orbit].siteSymmetry
                    let moved = frames.frames[orbit].position(all[orbit]) + 0.137 * SIMD3<Double>(direction)
                    all[orbit] = site.parameters(of: moved)
                }
                let back = try #require(frames.free(all))
                #expect(zip(back, u).allSatisfy { abs($0 - $1) < 1e-9 }, "\(structure.spaceGroup.symbol)")
            }
        }
        #expect(seen == 6)
    }

    @Test("the points of the orbits are the atoms of the crystal")
    func points() throws {
        for structure in try Self.crystals() {
            let frames = OrbitFrames(structure)
            let all = frames.coordinates(Self.free(structure))
            let atoms = structure.expanded().sites
            let points = structure.orbits.indices.flatMap { frames.points($0, all[$0]) }
            #expect(points.count == atoms.count)
            for atom in atoms {
                let near = points.contains {
                    ($0 - atom.position).nearestImage.max() < 1e-9
                        && ($0 - atom.position).nearestImage.min() > -1e-9
                }
                #expect(near, "\(structure.spaceGroup.symbol) \(atom.position)")
            }
        }
    }

    /// Shortest distance to the images of other points, and of itself, in the cells around.
    private static func distance(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ lattice: Lattice, isSelf: Bool)
        -> Double
    {
        var least = Double.infinity
        for i in -2...2 {
            for j in -2...2 {
                for k in -2...2 {
                    let shift = SIMD3(Double(i), Double(j), Double(k))
                    let length = lattice.length((b - a).wrapped + shift)
                    if isSelf, length < 1e-6 { continue }
                    least = min(least, length)
                }
            }
        }
        return least
    }

    @Test("what clashes is what stands too near by brute force")
    func clashes() throws {
        let share = 0.65
        for (index, structure) in try Self.crystals().enumerated() {
            let frames = OrbitFrames(structure)
            let check = ContactCheck(structure, frames: frames, share: share, draws: 40)
            let radii = structure.orbits.map { ContactLimits.radius(of: $0.occupants) }
            var random = RandomStream(seed: 5, index: UInt64(index))
            for _ in 0..<40 {
                let all = frames.coordinates(frames.slots.map { _ in random.uniform() })
                let points = structure.orbits.indices.map { frames.points($0, all[$0]) }
                for orbit in structure.orbits.indices {
                    let position = frames.frames[orbit].position(all[orbit])
                    var expected = false
                    for other in structure.orbits.indices {
                        let limit = share * ContactLimits.sum(radii[orbit], radii[other])
                        for point in points[other] {
                            let isSelf = orbit == other
                            let own = Self.distance(position, point, structure.lattice, isSelf: isSelf)
                            if own < limit { expected = true }
                        }
                    }
                    let found = check.clashes(orbit, position, with: points)
                    #expect(found == expected, "\(structure.spaceGroup.symbol) \(orbit)")
                }
            }
        }
    }

    @Test("orbits anywhere do not clash where there is room; the others stay where they were")
    func placed() throws {
        let structure = try Crystals.all()[3]
        let frames = OrbitFrames(structure)
        let check = ContactCheck(structure, frames: frames, share: 0.65, draws: 400)
        let all = frames.coordinates(Self.free(structure))
        var random = RandomStream(seed: 2)
        for _ in 0..<20 {
            let result = check.placed([2, 4], in: all, &random)
            for orbit in [0, 1, 3] { #expect(result[orbit] == all[orbit]) }
            #expect(result[2] != all[2] && result[4] != all[4])
            let points = structure.orbits.indices.map { frames.points($0, result[$0]) }
            for orbit in [2, 4] {
                let position = frames.frames[orbit].position(result[orbit])
                #expect(!check.clashes(orbit, position, with: points))
            }
        }
    }
}
