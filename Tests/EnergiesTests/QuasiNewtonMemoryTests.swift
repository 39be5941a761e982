import Crystallography
import Energies
import Foundation
import LearnedModels
import NumericalMethods
import Parameterization
import Symmetry
import Testing

@Suite struct QuasiNewtonMemoryTests {
    private func dot(_ a: [Double], _ b: [Double]) -> Double { QuasiNewtonMemory.dot(a, b) }

    private func matrix(_ n: Int) -> DenseMatrix {
        var random = RandomStream(seed: 7)
        var m = DenseMatrix(rows: n + 2, columns: n)
        for i in m.elements.indices { m.elements[i] = random.normal() }
        return m.gram
    }

    /// The last step is answered exactly: H y = s.
    @Test func itFulfilsTheSecantCondition() {
        let a = matrix(6)
        var random = RandomStream(seed: 2)
        var memory = QuasiNewtonMemory(compliance: 0.1)
        for _ in 0..<9 {
            let step = (0..<6).map { _ in random.normal() }
            let change = a * step
            memory.learn(step: step, change: change)
            let answer = memory.direction(change)
            #expect(zip(answer, step).allSatisfy { abs($0 + $1) < 1e-9 })
            // Downhill whatever it has learned.
            let gradient = (0..<6).map { _ in random.normal() }
            #expect(dot(memory.direction(gradient), gradient) < 0)
        }
    }

    /// With exact line searches the minimum of a quadratic form in n dimensions is reached in n steps.
    @Test func aQuadraticFormTakesAsManyStepsAsDimensions() {
        let n = 7
        let a = matrix(n)
        var memory = QuasiNewtonMemory(compliance: 1)
        var x = (0..<n).map { Double($0) - 2.5 }
        var gradient = a * x
        for _ in 0..<n {
            let direction = memory.direction(gradient)
            let length = -dot(direction, gradient) / dot(direction, a * direction)
            let step = direction.map { length * $0 }
            x = zip(x, step).map(+)
            let next = a * x
            memory.learn(step: step, change: zip(next, gradient).map(-))
            gradient = next
        }
        #expect(dot(gradient, gradient).squareRoot() < 1e-7)
    }

    /// A step along which the slope falls teaches that the assumed compliance is too small, and no more.
    @Test func negativeCurvatureIsNotLearned() {
        var memory = QuasiNewtonMemory(compliance: 0.5)
        memory.learn(step: [1, 0], change: [-1, 0])
        #expect(memory.direction([1, 2]) == [-1, -2])
        memory.learn(step: [1, 0], change: [4, 0])
        memory.learn(step: [0, 1], change: [0, -1])
        #expect(zip(memory.direction([4, 0]), [-1, 0]).allSatisfy { abs($0 - $1) < 1e-12 })
        memory.forget()
        #expect(memory.direction([4, 0]) == [-1, 0])
    }
}

@Suite struct LinearLayerTests {
    private func random(_ count: Int, _ seed: UInt64) -> [Double] {
        var stream = RandomStream(seed: seed)
        return (0..<count).map { _ in stream.normal() }
    }

    private func applied(_ layer: LinearLayer, _ x: [Double], rows: Int, reverse: Bool = false) -> [Double] {
        let (from, to) = reverse ? (layer.outputs, layer.inputs) : (layer.inputs, layer.outputs)
        var result = [Double](repeating: 0, count: rows * to)
        x.withUnsafeBufferPointer { x in
            result.withUnsafeMutableBufferPointer { y in
                guard let x = x.baseAddress, let y = y.baseAddress else { return }
                if reverse {
                    layer.reverse(x, stride: from, into: y, stride: to, rows: rows)
                } else {
                    layer.forward(x, stride: from, into: y, stride: to, rows: rows)
                }
            }
        }
        return result
    }

    /// Row by row by hand; the padded inputs count for nothing.
    @Test func itIsAMatrixTimesEveryRow() {
        let (weight, x) = (random(5 * 3, 1), random(40 * 4, 2))
        let layer = LinearLayer(weight, inputs: 3, outputs: 5, padding: 1)
        let y = applied(layer, x, rows: 40)
        for row in 0..<40 {
            for o in 0..<5 {
                let wanted = (0..<3).reduce(0.0) { $0 + weight[o * 3 + $1] * x[row * 4 + $1] }
                #expect(abs(y[row * 5 + o] - wanted) < 1e-12)
            }
        }
    }

    /// ⟨W x, g⟩ = ⟨x, Wᵀ g⟩.
    @Test func theReverseIsTheAdjoint() {
        let layer = LinearLayer(random(8 * 6, 3), inputs: 6, outputs: 8)
        let (x, g) = (random(10 * 6, 4), random(10 * 8, 5))
        let forward = QuasiNewtonMemory.dot(applied(layer, x, rows: 10), g)
        let back = QuasiNewtonMemory.dot(x, applied(layer, g, rows: 10, reverse: true))
        #expect(abs(forward - back) < 1e-10)
    }

    @Test func oneLayerAfterAnotherIsTheirProduct() {
        let first = LinearLayer(random(4 * 3, 6), inputs: 3, outputs: 4)
        let second = LinearLayer(random(2 * 4, 7), inputs: 4, outputs: 2)
        let x = random(5 * 3, 8)
        let apart = applied(second, applied(first, x, rows: 5), rows: 5)
        let together = applied(second.after(first), x, rows: 5)
        #expect(zip(apart, together).allSatisfy { abs($0 - $1) < 1e-12 })
    }
}

@Suite struct FeatureTableTests {
    /// What is given back is taken again: a cell that breathes costs no new pages.
    @Test func aStoreTakesItsTablesAgain() {
        let store = FeatureStore()
        for _ in 0..<5 {
            let tables = [1000, 1010, 3].map { FeatureTable(store, rows: $0, columns: 8) }
            tables[0].fill([1, 2, 3, 4, 5, 6, 7, 8])
            tables[0].fill([1, 1, 1, 1, 1, 1, 1, 1], adding: true)
            #expect(tables[0].row(999)[7] == 9 && tables[0].row(0)[0] == 2)
            tables[0].clear(WorkSplit(threads: 2, nanoseconds: .infinity))
            #expect((0..<8000).allSatisfy { tables[0].start[$0] == 0 })
        }
        let bytes = store.bytes
        _ = FeatureTable(store, rows: 1000, columns: 8)
        #expect(store.bytes == bytes)
    }

    /// Two evaluations at a time have two stores, one after the other the same.
    @Test func aStoreIsOfOneThreadAtATime() {
        let stores = FeatureStores()
        let first = stores.withStore { outer in
            stores.withStore { inner in #expect(inner !== outer) }
            return ObjectIdentifier(outer)
        }
        let kept = stores.withStore { ObjectIdentifier($0) }
        let other = stores.withStore { one in stores.withStore { ObjectIdentifier($0) == first || one === $0 }
        }
        #expect(kept == first || other)
    }
}

@Suite struct PossibleEnergyTests {
    private struct Failing: InteratomicPotential {
        var name: String { "failing" }
        var error: any Error & Sendable

        func evaluate(_ structure: CrystalStructure) throws -> EnergyEvaluation { throw error }
    }

    private struct ClientDied: Error {}

    @Test func onlyWhereAtomsStandIsNoAnswer() throws {
        let crystal = OrbitGraphTests.crystals[0]
        let structure = try OrbitGraphTests.shaken(crystal.group, crystal.cell, crystal.sites)
        let ofGeometry: [EnergyError] = [
            .overlap(atoms: 0, 1, distance: 0), .isolatedAtom(atom: 0, cutoff: 6), .badGeometry,
            .tooDense(atom: 0, neighbours: 300, distance: 3), .tooLarge(gigabytes: 9),
        ]
        for error in ofGeometry {
            let evaluation = try Failing(error: error).evaluationIfPossible(structure)
            #expect(evaluation == nil && error.isOfGeometry)
        }
        for error in [EnergyError.noAtoms, .disorder(atom: 0), .unknownElement(symbol: "Xx", model: "m")] {
            #expect(throws: error) { try Failing(error: error).evaluationIfPossible(structure) }
        }
        #expect(throws: ClientDied.self) { try Failing(error: ClientDied()).evaluationIfPossible(structure) }
    }
}

@Suite struct PotentialCatalogueTests {
    @Test func anUnknownNameIsSaidWithWhatThereIs() {
        #expect(throws: PotentialError.unknown("lj")) { try PotentialCatalogue.potential(named: "lj") }
        let text = PotentialError.unknown("lj").description
        #expect(!text.contains("\n"))
        for name in LearnedModel.potentials.map(\.name) + ["kim:", "ipi:"] { #expect(text.contains(name)) }
        #expect(throws: IPIError.self) { try PotentialCatalogue.potential(named: "ipi:nowhere") }
    }
}

@Suite(.enabled(if: Reference.isInstalled, "the model is not installed: wyckoff models fetch"))
struct CHGNetWeightsTests {
    /// As published for version 0.3.0 (Deng et al., Nature Machine Intelligence 5 (2023) 1031).
    @Test func theNetworkHasItsPublishedSize() throws {
        let checkpoint = try ModelStore.standard.checkpoint(.chgnet)
        let numbers = checkpoint.tensors.reduce(0) { $0 + $1.values.count }
        #expect(numbers == 412_525)
        let weights = try CHGNetWeights(checkpoint)
        #expect(weights.atomEmbedding.count == 94 * CHGNetWeights.width)
        #expect(weights.radialFrequencies.count == CHGNetWeights.radialCount)
    }

    /// e(x) √(2/r) sin(w x)/d, as Gasteiger et al. have it, bond by bond; cosines and sines of the angles.
    @Test func basesAreThoseOfTheirFormulas() throws {
        let weights = try CHGNetWeights(try ModelStore.standard.checkpoint(.chgnet))
        let structure = try GraphPartitionTests.small()
        let graph = try CrystalGraph(
            lattice: structure.lattice, positions: structure.sites.map(\.position),
            cutoff: CHGNetWeights.cutoff, angularCutoff: CHGNetWeights.angularCutoff)
        let split = WorkSplit(threads: 1, nanoseconds: 0)
        let geometry = GraphGeometry(weights, graph, FeatureStore(), split)
        func radial(_ d: Double, _ w: Double, cutoff r: Double) -> Double {
            let x = d / r
            let envelope = 1 - 45 * pow(x, 8) + 80 * pow(x, 9) - 36 * pow(x, 10)
            return envelope * (2 / r).squareRoot() * sin(w * x) / d
        }
        for bond in 0..<graph.bondCount {
            let length = graph.links[Int(graph.bondLink[bond])].length
            for (n, w) in weights.radialFrequencies.enumerated() {
                #expect(abs(geometry.radial.row(bond)[n] - radial(length, w, cutoff: 6)) < 1e-9)
            }
            guard bond < graph.shortCount else { continue }
            for (n, w) in weights.shortRadialFrequencies.enumerated() {
                #expect(abs(geometry.shortRadial.row(bond)[n] - radial(length, w, cutoff: 3)) < 1e-9)
            }
        }
        for k in stride(from: 0, to: graph.angleCount, by: 5) {
            let (x, y) = (graph.links[Int(graph.angleLink1[k])], graph.links[Int(graph.angleLink2[k])])
            let cosine =
                graph.angleSign1[k] * graph.angleSign2[k] * x.vector.dot(y.vector) / (x.length * y.length)
            let angle = acos(min(1, max(-1, (1 - 1e-6) * cosine)))
            let row = geometry.angular.row(k)
            #expect(abs(row[0] - 1 / (2 * Double.pi).squareRoot()) < 1e-9)
            let squares = (0..<CHGNetWeights.angularCount).reduce(0.0) { $0 + row[$1] * row[$1] }
            // 1/2 and the sines' and cosines' squares, fifteen of each, over π.
            #expect(abs(squares * .pi - 15.5) < 1e-6, "\(angle)")
        }
    }
}
