import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Recovery
import Refinement
import Symmetry
import Testing

@Suite("Atoms from intensities")
struct AtomSearchTests {
    /// Net data made of the columns themselves, so that the truth fits exactly.
    struct Case {
        let model: StructureIntensities
        let columns: [ProfileColumn?]
        let net: [Double]
        let weights: [Double]

        init(_ structure: ReducedStructure) throws {
            let simulated = try SimulatedPattern(structure, background: 0)
            let metric = structure.lattice.reciprocalMetric
            let list = ReflectionList(
                operations: structure.spaceGroup.operations, reciprocalMetric: metric, limit: 0.24)
            model = try StructureIntensities(structure, reflections: list, instrument: simulated.instrument)
            let profile = CellProfile(w: 0.01, eta: 0.5)
            let grid = simulated.pattern.twoTheta
            let radiation = simulated.instrument.radiation
            columns = list.indices.map { h in
                profile.column(
                    q: 4 * ReflectionList.q(of: h, reciprocalMetric: metric), radiation: radiation, grid: grid
                )
            }
            let u = structure.parameterVector.dropFirst(structure.latticeParameters.names.count) + [0.5]
            var v = [Double](repeating: 0, count: list.count)
            var unused: [[Double]] = []
            model.evaluate(Array(u), into: &v, jacobian: &unused, derivatives: false)
            net = Self.pattern(columns, v, count: grid.count)
            weights = net.indices.map { 1 + 0.5 * Double($0 % 3) }
        }

        static func pattern(_ columns: [ProfileColumn?], _ v: [Double], count: Int) -> [Double] {
            var result = [Double](repeating: 0, count: count)
            for (h, column) in columns.enumerated() {
                guard let column else { continue }
                for i in column.values.indices { result[column.start + i] += v[h] * column.values[i] }
            }
            return result
        }

        var profile: CompressedProfile? {
            CompressedProfile(columns: columns, intensity: net, weights: weights)
        }
    }

    @Test("∂v/∂u agrees with central differences")
    func jacobian() throws {
        for structure in try Crystals.all() {
            let c = try Case(structure)
            let count = c.model.parameterCount
            var v = [Double](repeating: 0, count: c.model.reflectionCount)
            var jacobian = [[Double]](repeating: v, count: count)
            let u =
                Array(structure.parameterVector.dropFirst(structure.latticeParameters.names.count)) + [0.7]
            c.model.evaluate(u, into: &v, jacobian: &jacobian, derivatives: true)
            var unused: [[Double]] = []
            for k in 0..<count {
                let h = 1e-5
                var (up, down) = (v, v)
                var moved = u
                moved[k] += h
                c.model.evaluate(moved, into: &up, jacobian: &unused, derivatives: false)
                moved[k] -= 2 * h
                c.model.evaluate(moved, into: &down, jacobian: &unused, derivatives: false)
                let largest = max(jacobian[k].map(abs).max() ?? 0, 1e-3 * (v.max() ?? 0))
                for i in v.indices {
                    #expect(abs((up[i] - down[i]) / (2 * h) - jacobian[k][i]) < 1e-5 * largest)
                }
            }
        }
    }

    @Test("compressed Rwp² = Rwp² over all points, to 1e-7")
    func compression() throws {
        for structure in try Crystals.all() {
            let c = try Case(structure)
            let profile = try #require(c.profile)
            var random = RandomStream(seed: 3)
            let norm = zip(c.net, c.weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
            for _ in 0..<5 {
                let v = c.columns.map { _ in random.uniform() * (c.net.max() ?? 1) * 0.2 }
                let y = Case.pattern(c.columns, v, count: c.net.count)
                let misfit = c.net.indices.reduce(0) { $0 + c.weights[$1] * pow(c.net[$1] - y[$1], 2) } / norm
                let a = profile.compressed(v)
                let short = zip(a, profile.target).reduce(profile.unexplained) { $0 + pow($1.0 - $1.1, 2) }
                #expect(abs(short - misfit) < 1e-7 * max(1, misfit))
            }
        }
    }

    @Test("random starts find the atoms of noise-free intensities")
    func search() throws {
        for structure in try Crystals.all() where !structure.freeCoordinates.isEmpty {
            let c = try Case(structure)
            let profile = try #require(c.profile)
            var start = structure
            var random = RandomStream(seed: 9)
            let count = structure.latticeParameters.names.count
            start.parameterVector = structure.parameterVector.enumerated().map {
                $0 < count ? $1 : random.uniform()
            }
            let best = try #require(try AtomSearch()(start, model: c.model, profile: profile).first)
            #expect(best.rwp < 1e-3, "\(structure.spaceGroup.symbol)")
        }
    }

    @Test("a minimum that ended early is descended to its end, and keeps how often it was met")
    func polished() throws {
        for structure in try Crystals.all() where !structure.freeCoordinates.isEmpty {
            let c = try Case(structure)
            let profile = try #require(c.profile)
            var hasty = RecoverySettings.Atoms()
            (hasty.starts, hasty.nearStart, hasty.iterations, hasty.goal) = (8, 0.1, 1, 0)
            let minima = try AtomSearch(settings: hasty)(structure, model: c.model, profile: profile)
            let early = try #require(minima.first)
            let end = AtomSearch().polished(early, model: c.model, profile: profile)
            #expect(end.rwp < max(1e-3, 0.2 * early.rwp), "\(structure.spaceGroup.symbol)")
            #expect(end.confirmation == early.confirmation && end.hits == early.hits)
        }
    }
}
