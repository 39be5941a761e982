import Crystallography
import LearnedModels
import NumericalMethods
import PropertyModels
import Testing

private let isInstalled = LearnedModel.propertyModels.allSatisfy(ModelStore.standard.isInstalled)

@Suite(.enabled(if: isInstalled, "the models are not installed: wyckoff models fetch"))
struct CrystalNetworkTablesTests {
    /// Single precision against double, every model, mixtures on every site, cells of 5 and of 40 atoms, neighbours
    /// that are missing included.
    @Test(arguments: PropertyModel.all.map(\.name))
    func singlePrecisionIsDoubleToSixDigits(name: String) throws {
        let network = try PropertyModel.named(name).load()
        var random = RandomStream(seed: 8)
        for length in [3.6, 4.4, 7.9] {
            var structure = CGCNNTests.perovskite.expanded()
            structure.lattice = Lattice(
                a: length, b: length * 1.03, c: length * 1.1, alpha: 88, beta: 91, gamma: 92)
            for index in structure.sites.indices {
                structure.sites[index].position +=
                    SIMD3(random.normal(), random.normal(), random.normal()) * 0.02
            }
            var crystal = try MixedCrystal(structure, ties: .symmetric)
            let count = MixedCrystal.elementCount
            for orbit in 0..<5 {
                let weights = (0..<count).map { _ in random.uniform() }
                let sum = weights.reduce(0, +)
                for z in 0..<count { crystal.mixtures[orbit * count + z] = weights[z] / sum }
            }
            let exact = network.evaluate(crystal, gradient: true)
            let fast = network.evaluate(crystal, gradient: true, precision: .single)
            #expect(abs(fast.value - exact.value) < 2e-5 * max(1, abs(exact.value)), "\(name) \(length)")
            #expect(network.evaluate(crystal, gradient: false, precision: .single).value == fast.value)
            let (a, b) = (try #require(exact.gradient), try #require(fast.gradient))
            func compare(_ x: [Double], _ y: [Double], _ what: String) {
                let size = x.map { $0 * $0 }.reduce(0, +).squareRoot()
                let difference = zip(x, y).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
                #expect(
                    difference < 2e-4 * size + 1e-9, "\(name) \(length): \(what) \(difference) of \(size)")
            }
            compare(a.mixtures, b.mixtures, "mixtures")
            compare(
                a.positions.flatMap { [$0.x, $0.y, $0.z] }, b.positions.flatMap { [$0.x, $0.y, $0.z] },
                "positions")
            let pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
            compare(pairs.map { a.metric[$0, $1] }, pairs.map { b.metric[$0, $1] }, "metric")
        }
    }
}
