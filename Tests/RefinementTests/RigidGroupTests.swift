import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement
import Symmetry
import Testing

/// Groups of atoms that keep their distances, with the symmetry of their site. Reaches `RigidAtoms`.
@Suite("Rigid groups") struct RigidGroupTests {
    /// A group on a site, and what the site leaves of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let spaceGroup: String
        /// a, b, c, α, β, γ.
        let cell: [Double]
        let sites: [(element: String, label: String, at: SIMD3<Double>)]
        let labels: [String]
        let atoms: Int
        let parameters: [String]
    }

    static let cases = [
        Case(
            testDescription: "SO4 of PbSO4 on .m.", spaceGroup: "P n m a",
            cell: [8.482, 5.398, 6.959, 90, 90, 90],
            sites: [
                ("Pb", "Pb1", SIMD3(0.1882, 0.25, 0.167)), ("S", "S1", SIMD3(0.063, 0.25, 0.686)),
                ("O", "O1", SIMD3(-0.095, 0.25, 0.6)), ("O", "O2", SIMD3(0.181, 0.25, 0.543)),
                ("O", "O3", SIMD3(0.085, 0.026, 0.806)),
            ], labels: ["S1", "O1", "O2", "O3"], atoms: 5, parameters: ["G.x", "G.z", "G.ry"]),
        Case(
            testDescription: "CO3 of calcite on 32", spaceGroup: "R -3 c",
            cell: [4.99, 4.99, 17.06, 90, 90, 120],
            sites: [
                ("Ca", "Ca1", .zero), ("C", "C1", SIMD3(0, 0, 0.25)), ("O", "O1", SIMD3(0.257, 0, 0.25)),
            ], labels: ["C1", "O1"], atoms: 4, parameters: []),
        Case(
            testDescription: "PO4 of KH2PO4 on -4", spaceGroup: "I -4 2 d",
            cell: [7.452, 7.452, 6.974, 90, 90, 90],
            sites: [
                ("K", "K1", SIMD3(0, 0, 0.5)), ("P", "P1", .zero), ("O", "O1", SIMD3(0.149, 0.083, 0.126)),
            ], labels: ["P1", "O1"], atoms: 5, parameters: ["G.rz"]),
        Case(
            testDescription: "a linear molecule on -3", spaceGroup: "P a -3",
            cell: [5.63, 5.63, 5.63, 90, 90, 90],
            sites: [("C", "C1", .zero), ("O", "O1", SIMD3(0.119, 0.119, 0.119))], labels: ["C1", "O1"],
            atoms: 3, parameters: []),
        Case(
            testDescription: "a pair about an inversion", spaceGroup: "P -1",
            cell: [5.1, 6.2, 7.3, 82, 95, 103],
            sites: [
                ("Cs", "Cs1", SIMD3(0.41, 0.33, 0.27)), ("O", "O1", SIMD3(0.05, 0.08, 0.07)),
            ], labels: ["O1"], atoms: 2, parameters: ["G.rx", "G.ry"]),
        Case(
            testDescription: "a linear molecule anywhere", spaceGroup: "P 1 21/c 1",
            cell: [6.1, 7.2, 8.3, 90, 104, 90],
            sites: [
                ("Cs", "Cs1", SIMD3(0.71, 0.43, 0.12)), ("C", "C1", SIMD3(0.2, 0.15, 0.3)),
                ("N", "N1", SIMD3(0.35, 0.23, 0.36)),
            ], labels: ["C1", "N1"], atoms: 2, parameters: ["G.x", "G.y", "G.z"]),
        Case(
            testDescription: "NO3 anywhere", spaceGroup: "P 1 21/c 1", cell: [6.1, 7.2, 8.3, 90, 104, 90],
            sites: [
                ("Cs", "Cs1", SIMD3(0.71, 0.43, 0.12)), ("N", "N1", SIMD3(0.2, 0.15, 0.3)),
                ("O", "O1", SIMD3(0.36, 0.24, 0.33)), ("O", "O2", SIMD3(0.05, 0.22, 0.22)),
                ("O", "O3", SIMD3(0.19, -0.01, 0.36)),
            ], labels: ["N1", "O1", "O2", "O3"], atoms: 4,
            parameters: ["G.x", "G.y", "G.z", "G.rx", "G.ry", "G.rz"]),
    ]

    private static func model(_ item: Case) throws -> PowderModel {
        let c = item.cell
        let sites = try item.sites.map { site in
            Site(try #require(Element(symbol: site.element)), at: site.at, label: site.label)
        }
        let structure = ReducedStructure(
            spaceGroup: try SpaceGroup.find(item.spaceGroup),
            lattice: Lattice(a: c[0], b: c[1], c: c[2], alpha: c[3], beta: c[4], gamma: c[5]),
            asymmetricSites: sites)
        let instrument = Instrument(
            radiation: try Wavelength.radiation(named: "CuKa1"), widths: PeakWidths(w: 0.02, x: 0.03))
        return PowderModel(phases: [.init(structure, scale: 50)], instrument: instrument, background: [40])
    }

    private static func body(_ item: Case) throws -> (RigidBody, PowderModel) {
        let model = try model(item)
        return (try RigidBody(RigidGroup(name: "G", labels: item.labels), in: model), model)
    }

    /// Somewhere else, by some hundredths of an edge and some degrees.
    private static func moved(_ body: RigidBody) -> [Double] {
        var random = RandomStream(seed: 11)
        return body.values.indices.map { k in
            body.values[k] + (k < body.shiftCount ? 0.02 : 12) * random.normal()
        }
    }

    @Test("a site leaves a group the shifts and turns that its operations keep", arguments: cases)
    func freedom(item: Case) throws {
        let (body, _) = try Self.body(item)
        #expect(body.atomCount == item.atoms)
        if item.testDescription == "a linear molecule anywhere" {
            // Of three turns the one about its own axis is none.
            #expect(body.shiftCount == 3 && body.parameterNames.count == 5)
        } else if item.testDescription == "a pair about an inversion" {
            #expect(body.shiftCount == 0 && body.parameterNames.count == 2)
        } else {
            #expect(body.parameterNames == item.parameters)
        }
    }

    @Test("a moved group is the same body, and each of its atoms is where symmetry has it", arguments: cases)
    func sameBody(item: Case) throws {
        let (body, model) = try Self.body(item)
        var structure = model.phases[0].structure
        let before = body.positions(at: body.values, in: structure)
        for (position, orbit) in zip(before, body.orbits) {
            #expect(Self.distance(position, structure, orbit) < 1e-10)
        }
        // With another cell of the same family, so that the frame has to hold.
        let lengths = structure.lattice
        structure.latticeParameters.values = structure.latticeParameters.values.map { $0 * 1.01 }
        let values = Self.moved(body)
        let after = body.positions(at: values, in: structure)
        for i in before.indices {
            for j in before.indices {
                let (a, b) = (
                    lengths.length(before[i] - before[j]), structure.lattice.length(after[i] - after[j])
                )
                #expect(abs(a - b) < 1e-9)
            }
        }
        var moved = model
        moved.phases[0].structure = structure
        let names = body.coordinateNames(in: structure)
        for (name, value) in zip(names, body.coordinates(at: values, in: structure)) {
            try moved.set(name, to: value)
        }
        for (position, orbit) in zip(after, body.orbits) {
            #expect(Self.distance(position, moved.phases[0].structure, orbit) < 1e-9)
        }
    }

    /// To the nearest atom of an orbit, Å.
    private static func distance(_ position: SIMD3<Double>, _ structure: ReducedStructure, _ orbit: Int)
        -> Double
    {
        structure.orbits[orbit].images.map { image in
            let step = image.apply(to: structure.orbits[orbit].position) - position
            return structure.lattice.length(step - step.rounded(.toNearestOrEven))
        }.min() ?? .infinity
    }

    @Test("the gradient of χ² in shifts, turns and cell is that of differences", arguments: cases)
    func gradient(item: Case) throws {
        let (body, model) = try Self.body(item)
        let grid = stride(from: 15.0, through: 70, by: 0.05).map { $0 }
        let observed = try PowderCalculation(model, twoTheta: grid).calculated
        let weights = observed.map { 1 / $0 }
        let free = ["scale"] + model.phases[0].structure.latticeParameters.names + body.parameterNames
        let following = try RigidCoordinates([body], model, free: free)
        let calculation = try PowderCalculation(model, twoTheta: grid, free: following.own)
        var x = free.map { model[$0] ?? 0 }
        x.replaceSubrange((free.count - body.values.count)..., with: Self.moved(body))
        x[1] *= 1.002
        func value(_ x: [Double]) -> Double {
            calculation.values = following.values(at: x)
            return calculation.chiSquared(observed: observed, weights: weights)
        }
        var own = NormalEquations(parameterCount: following.own.count)
        calculation.values = following.values(at: x)
        calculation.normalEquations(observed: observed, weights: weights, into: &own)
        let equations = following.reduced(own, at: x)
        for k in free.indices {
            let step = 1e-5 * max(abs(x[k]), 0.1)
            func shifted(_ factor: Double) -> Double {
                var moved = x
                moved[k] += factor * step
                return value(moved)
            }
            let slope = (8 * (shifted(1) - shifted(-1)) - (shifted(2) - shifted(-2))) / (12 * step)
            let scale = (equations.matrix[k, k] * equations.chiSquared).squareRoot()
            #expect(abs(slope - 2 * equations.gradient[k]) < 1e-4 * scale + 1e-9, "\(free[k])")
        }
    }

    @Test("a pattern of a group that was moved brings it there, its bonds without uncertainty")
    func refinement() throws {
        let (body, model) = try Self.body(Self.cases[0])
        var truth = model
        let values = zip(body.values, [0.012, -0.01, 7]).map(+)
        let names = body.coordinateNames(in: model.phases[0].structure)
        for (name, value) in zip(names, body.coordinates(at: values, in: model.phases[0].structure)) {
            try truth.set(name, to: value)
        }
        let grid = stride(from: 15.0, through: 90, by: 0.03).map { $0 }
        let clean = try PowderCalculation(truth, twoTheta: grid).calculated
        var random = RandomStream(seed: 2)
        let level = 5000 / (clean.max() ?? 1)
        let counts = clean.map { y in
            max(0, (level * y + (level * y).squareRoot() * random.normal()).rounded())
        }
        var start = model
        start.phases[0].scale *= level
        start.background = [40 * level]
        var refinement = RietveldRefinement()
        refinement.bounds = ["*.B": -3...3]
        refinement.rigid = [body]
        let free =
            ["scale", "background.0", "a", "b", "c", "Pb1.x", "Pb1.z", "Pb1.B", "O.B"] + body.parameterNames
        let pattern = PowderPattern(twoTheta: grid, intensity: counts)
        let result = try refinement.refine(start, pattern: pattern, weights: pattern.weights(), free: free)
        #expect(result.converged && result.statistics.gof < 1.1)
        for (name, value) in zip(body.parameterNames, values) {
            let found = try #require(result.refined.first { $0.parameter.name == name })
            let uncertainty = try #require(found.uncertainty)
            #expect(abs(found.parameter.value - value) < 4.5 * uncertainty, "\(name)")
            #expect(found.unit == (name == "G.ry" ? "°" : ""))
        }
        #expect(result.rigid.first?.values.count == 3)
        // S1–O1: what its coordinates' uncertainties and the cell's come to cancels.
        let structure = result.model.phases[0].structure
        func bond(_ name: String, _ value: Double) throws -> Double {
            var moved = result.model
            try moved.set(name, to: value)
            let own = moved.phases[0].structure
            return own.lattice.length(own.orbits[1].position - own.orbits[2].position)
        }
        var slopes: [String: Double] = [:]
        for name in ["a", "c", "S1.x", "S1.z", "O1.x", "O1.z"] {
            let value = result.model[name] ?? 0
            slopes[name] = (try bond(name, value + 1e-6) - bond(name, value - 1e-6)) / 2e-6
        }
        #expect(result.covariance.uncertainty(gradient: slopes) == nil)
        #expect((result.followingUncertainties["O1.x"] ?? 0) > 1e-5)
        let first = model.phases[0].structure
        let before = first.lattice.length(first.orbits[1].position - first.orbits[2].position)
        let after = structure.lattice.length(structure.orbits[1].position - structure.orbits[2].position)
        #expect(abs(before - after) < 1e-9)
    }

    @Test("a group without any freedom keeps its bonds while the cell changes")
    func fixedGroup() throws {
        let (body, model) = try Self.body(Self.cases[1])
        var structure = model.phases[0].structure
        let before = structure.orbits[2].position.x * structure.lattice.lengths.x
        structure.latticeParameters.values = structure.latticeParameters.values.map { 1.02 * $0 }
        let x = try #require(body.coordinates(at: [], in: structure).last)
        #expect(abs(x * structure.lattice.lengths.x - before) < 1e-9)
    }

    @Test("what is no group is refused, with the reason")
    func refused() throws {
        #expect(try RigidGroup(parsing: "SO4 = S1, O1,O2").labels == ["S1", "O1", "O2"])
        for text in ["SO4", "SO4=", "=S1,O1", "SO4=S1,,O1", "SO4=S1,S1", "a.b=S1,O1"] {
            #expect(throws: RigidGroupError.self) { try RigidGroup(parsing: text) }
        }
        let (body, model) = try Self.body(Self.cases[0])
        #expect(throws: RigidGroupError.self) {
            try RigidBody(RigidGroup(name: "G", labels: ["S1", "O9"]), in: model)
        }
        #expect(throws: RigidGroupError.apart(group: "G", label: "Pb1")) {
            try RigidBody(RigidGroup(name: "G", labels: ["S1", "Pb1"]), in: model)
        }
        let rutile = try PawleyFitTests.rutile(a: 4.594, c: 2.959)
        let network = PowderModel(phases: [.init(rutile.0)], instrument: rutile.2)
        #expect(throws: RigidGroupError.self) {
            try RigidBody(RigidGroup(name: "G", labels: ["Ti1", "O1"]), in: network)
        }
        #expect(throws: RigidGroupError.self) {
            try RigidCoordinates([body], model, free: ["O1.x"])
        }
        #expect(throws: RigidGroupError.self) {
            try RigidCoordinates([body, body], model, free: [])
        }
    }
}
