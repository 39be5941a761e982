import Crystallography
import Foundation
import LearnedModels
import NumericalMethods
import Parameterization
import PropertyModels
import Symmetry
import Testing

private let isInstalled = LearnedModel.propertyModels.allSatisfy(ModelStore.standard.isInstalled)
private let notInstalled: Comment = "the models are not installed: wyckoff models fetch"

/// Predictions of the wheel's own code in 64 bits, with the neighbour lists it made.
private struct Reference: Decodable {
    struct Entry: Decodable {
        var name: String
        var lattice: [[Double]]
        var species: [String]
        var frac: [[Double]]
        var neighbours: [[Int]]
        var distances: [[Double]]
        var values: [String: Value]

        var structure: CrystalStructure {
            func vector(_ x: [Double]) -> SIMD3<Double> { SIMD3(x[0], x[1], x[2]) }
            return CrystalStructure(
                title: name,
                lattice: Lattice(
                    vectors: Matrix3(rows: vector(lattice[0]), vector(lattice[1]), vector(lattice[2]))),
                sites: zip(species, frac).compactMap { symbol, position in
                    Element(symbol: symbol).map { Site($0, at: vector(position)) }
                })
        }
    }
    enum Value: Decodable {
        case one(Double)
        case many([Double])
        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                self = .one(number)
            } else {
                self = .many(try container.decode([Double].self))
            }
        }
        var last: Double {
            switch self {
            case .one(let value): value
            case .many(let values): values[values.count - 1]
            }
        }
    }
    var structures: [Entry]

    static let url = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/data/cgcnn-reference.json")
    static let isAtHand = FileManager.default.fileExists(atPath: url.path)

    static func entries() throws -> [Entry] {
        try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url)).structures
    }

    static let modelNames = [
        "gap": "band-gap", "metal": "semi-metal-classification", "bulk-modulus": "bulk-moduli",
        "shear-modulus": "shear-moduli", "formation-energy": "formation-energy-per-atom",
        "poisson-ratio": "poisson-ratio", "fermi-energy": "efermi", "total-energy": "final-energy-per-atom",
    ]
}

extension Reference.Entry {
    /// The stored list says which atoms, and how far; the images are those at these distances.
    func neighbourList(in structure: CrystalStructure) throws -> NeighbourList {
        let all = PeriodicGeometry(structure.lattice).neighbours(
            of: structure.sites.map(\.position), within: 8)
        var entries: [NeighbourList.Entry] = []
        for target in neighbours.indices {
            var taken = Set<PeriodicGeometry.Neighbour>()
            for (atom, distance) in zip(neighbours[target], distances[target]) {
                let image = try #require(
                    all[target].first {
                        $0.index == atom && abs($0.distance - distance) < 1e-6 && !taken.contains($0)
                    })
                taken.insert(image)
                entries.append(NeighbourList.Entry(target: target, atom: atom, cell: image.cell))
            }
        }
        return NeighbourList(entries: entries)
    }
}

@Suite(.enabled(if: isInstalled, notInstalled)) struct CGCNNTests {
    @Test(.enabled(if: Reference.isAtHand, "the reference predictions are not at hand"))
    func predictionsAgreeWithTheReferenceGivenItsLists() throws {
        var worst = 0.0
        var count = 0
        for entry in try Reference.entries() {
            var crystal = try MixedCrystal(entry.structure, ties: .reference)
            crystal.neighbours = try entry.neighbourList(in: entry.structure)
            for model in PropertyModel.all {
                let key = try #require(Reference.modelNames[model.name])
                let expected = try #require(entry.values[key]).last
                let found = try model.load().evaluate(crystal, gradient: false).value
                worst = max(worst, abs(found - expected))
                count += 1
            }
        }
        #expect(count == 152)
        #expect(worst < 1e-6, "largest difference \(worst)")
    }

    @Test(.enabled(if: Reference.isAtHand, "the reference predictions are not at hand"))
    func listsAreThoseOfTheReferenceWhereNoTieIsCut() throws {
        var compared = 0
        for entry in try Reference.entries() {
            let list = NeighbourList(entry.structure, ties: .reference)
            let crystal = try MixedCrystal(entry.structure, ties: .reference)
            guard list.cutShells == 0 else { continue }
            compared += 1
            let distances = crystal.distances
            for target in entry.neighbours.indices {
                let mine = zip(list.entries, distances).filter { Int($0.0.target) == target }
                    .map { (Int($0.0.atom), $0.1) }
                    .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
                let theirs = zip(entry.neighbours[target], entry.distances[target])
                    .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
                #expect(mine.map(\.0) == theirs.map(\.0), "\(entry.name)")
                #expect(zip(mine, theirs).allSatisfy { abs($0.1 - $1.1) < 1e-6 }, "\(entry.name)")
            }
        }
        #expect(compared >= 5, "\(compared)")
    }

    /// Whole crystal or one row for each orbit: the same number.
    @Test func symmetryLeavesThePredictionAsItIs() throws {
        let model = try PropertyModel.named("formation-energy").load()
        let reduced = Self.perovskite
        let elements = reduced.orbits.compactMap { $0.occupants[0].species.element }
        let small = MixedCrystal(
            geometry: CrystalGeometry(reduced), elements: elements, ties: .symmetric)
        let whole = try MixedCrystal(reduced.expanded(), ties: .symmetric)
        #expect(small.neighbours.entries.count == 6)
        let difference =
            model.evaluate(small, gradient: false).value - model.evaluate(whole, gradient: false).value
        #expect(abs(difference) < 1e-12)
    }

    @Test func aTiledCellIsPredictedAsItsUnit() throws {
        let model = try PropertyModel.named("gap").load()
        let unit = Self.perovskite.expanded()
        let change = try #require(
            ChangeOfBasis(matrix: Matrix3(diagonal: SIMD3(repeating: 0.5)), shift: .zero))
        let tiled = unit.transformed(by: change)
        #expect(tiled.sites.count == 40)
        let difference =
            try model.value(of: unit, ties: .symmetric) - model.value(of: tiled, ties: .symmetric)
        #expect(abs(difference) < 1e-10)
    }

    /// All models, a mixture on every site, a cell without symmetry: every derivative against five-point differences.
    @Test func gradientsAreThoseOfCentralDifferences() throws {
        var random = RandomStream(seed: 3)
        let start = Self.perovskite.expanded()
        var structure = start
        structure.lattice = Lattice(a: 3.9, b: 4.05, c: 4.2, alpha: 88, beta: 91.5, gamma: 93)
        for index in structure.sites.indices {
            structure.sites[index].position += SIMD3(random.normal(), random.normal(), random.normal()) * 0.02
        }
        for model in PropertyModel.all {
            let network = try model.load()
            var crystal = try MixedCrystal(structure, ties: .symmetric)
            let count = MixedCrystal.elementCount
            for orbit in 0..<5 {
                let weights = (0..<count).map { _ in random.uniform() }
                let sum = weights.reduce(0, +)
                for z in 0..<count { crystal.mixtures[orbit * count + z] = weights[z] / sum }
            }
            let gradient = try #require(network.evaluate(crystal, gradient: true).gradient)
            func derivative(_ step: Double, _ move: (inout MixedCrystal, Double) -> Void) -> Double {
                func value(_ h: Double) -> Double {
                    var moved = crystal
                    move(&moved, h)
                    return network.evaluate(moved, gradient: false).value
                }
                return (8 * (value(step) - value(-step)) - (value(2 * step) - value(-2 * step))) / (12 * step)
            }
            var (difference, size) = (0.0, 0.0)
            func compare(_ exact: Double, _ step: Double, _ move: (inout MixedCrystal, Double) -> Void) {
                // The best of three steps: the Gaussians are narrow, the classifier's slope is small.
                let error = [1, 0.3, 0.1].map { abs(exact - derivative($0 * step, move)) }.min() ?? .infinity
                difference += error * error
                size += exact * exact
            }
            for index in stride(from: 0, to: 5 * count, by: 37) {
                compare(gradient.mixtures[index], 1e-2) { $0.mixtures[index] += $1 }
            }
            for atom in 0..<5 {
                for axis in 0..<3 {
                    compare(gradient.positions[atom][axis], 1e-3) { $0.geometry.positions[atom][axis] += $1 }
                }
            }
            for (i, j) in [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)] {
                let factor = i == j ? 1.0 : 2.0
                compare(factor * gradient.metric[i, j], 1e-2) { moved, h in
                    var metric = moved.geometry.lattice.metric
                    metric[i, j] += h
                    if i != j { metric[j, i] += h }
                    moved.geometry.lattice = Lattice(metric: metric)
                }
            }
            #expect(difference.squareRoot() < 1e-6 * size.squareRoot(), "\(model.name)")
        }
    }

    @Test func metalsHaveNoGapThatMeansAnything() throws {
        // PAPERS: copper, gap 1.61 eV and P(metal) 1.00.
        let copper = CrystalStructure(
            lattice: Lattice(a: 3.615, b: 3.615, c: 3.615, alpha: 90, beta: 90, gamma: 90),
            sites: [SIMD3(0.0, 0, 0), SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0)].compactMap {
                position in Element(symbol: "Cu").map { Site($0, at: position) }
            })
        #expect(try PropertyModel.named("metal").load().value(of: copper, ties: .symmetric) > 0.99)
        #expect(try PropertyModel.named("gap").load().value(of: copper, ties: .symmetric) > 1)
    }

    @Test func checkpointsStateTheirValidationErrors() throws {
        let stated = try Dictionary(
            uniqueKeysWithValues: PropertyModel.all.map { ($0.name, try $0.load().validationError) })
        #expect(abs(try #require(stated["formation-energy"]?.flatMap { $0 }) - 0.040) < 0.001)
        #expect(abs(try #require(stated["gap"]?.flatMap { $0 }) - 0.369) < 0.001)
        #expect(abs(try #require(stated["metal"]?.flatMap { $0 }) - 0.959) < 0.001)
    }

    static let perovskite: ReducedStructure = {
        let group = SpaceGroup(hallNumber: 517)
        let sites = [("Ba", SIMD3(0.0, 0, 0)), ("Ti", SIMD3(0.5, 0.5, 0.5)), ("O", SIMD3(0.5, 0.5, 0))]
        return ReducedStructure(
            spaceGroup: group!, lattice: Lattice(a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: sites.compactMap { symbol, position in
                Element(symbol: symbol).map { Site($0, at: position) }
            })
    }()
}
