import CrystalFiles
import Crystallography
import Energies
import Jobs
import NumericalMethods
import Testing

/// Springs from every atom of a rocksalt-like chain to its site: a minimum that is known, without a model.
private struct Springs: InteratomicPotential {
    var name: String { "springs" }
    /// Å³, of the cell of least energy.
    var volume = 64.0
    /// eV/Å⁶
    var stiffness = 1e-3

    func evaluate(_ structure: CrystalStructure) throws -> EnergyEvaluation {
        let excess = structure.lattice.volume - volume
        return EnergyEvaluation(
            energy: stiffness * excess * excess / 2,
            forces: structure.sites.map { _ in .zero },
            stress: (EnergyEvaluation.gigapascal * stiffness * excess) * .identity)
    }
}

/// Fails after so many evaluations, as a client that dies does.
private struct Dying: InteratomicPotential {
    struct Dead: Error, CustomStringConvertible { var description: String { "the client has gone" } }

    var name: String { "dying" }
    /// Å³: dead where the cell is nearer to it than half an Å³.
    var fatal = 64.0

    func evaluate(_ structure: CrystalStructure) throws -> EnergyEvaluation {
        guard abs(structure.lattice.volume - fatal) > 0.5 else { throw Dead() }
        return try Springs().evaluate(structure)
    }
}

@Suite("RelaxationJob")
struct RelaxationJobTests {
    private static func record(_ name: String, edge: Double = 4.2) -> CrystalRecord {
        let sites = [("Na", SIMD3(0.0, 0, 0)), ("Cl", SIMD3(0.5, 0.5, 0.5))].compactMap { symbol, position in
            Element(symbol: symbol).map { Site($0, at: position, label: symbol) }
        }
        let lattice = Lattice(a: edge, b: edge, c: edge, alpha: 90, beta: 90, gamma: 90)
        var record = CrystalRecord(CrystalStructure(lattice: lattice, sites: sites))
        record.name = name
        return record
    }

    @Test("every structure is relaxed in its group, its steps seen in their order")
    func relaxes() throws {
        let job = RelaxationJob([Self.record("one"), Self.record("two", edge: 3.8)], Springs())
        var steps: [String: Int] = [:]
        var observer = RelaxationJob.Observer()
        observer.step = { name, _ in steps[name, default: 0] += 1 }
        let relaxed = try job.run(reporting: { _ in }, to: observer)
        #expect(relaxed.map(\.name) == ["one", "two"])
        for one in relaxed {
            #expect(abs(one.result.structure.lattice.volume - 64) < 0.5)
            #expect(one.result.structure.spaceGroup.number == 221)
            #expect(one.startEnergy > one.result.last.evaluation.energy)
            #expect((steps[one.name] ?? 0) > 1)
        }
    }

    @Test("a potential that fails is an error with the last good step, which the observer has seen")
    func failure() throws {
        let job = RelaxationJob([Self.record("one")], Dying())
        var seen: Relaxation.Step?
        var observer = RelaxationJob.Observer()
        observer.step = { seen = $1 }
        let failure = #expect(throws: RelaxationJob.Failure.self) {
            try job.run(reporting: { _ in }, to: observer)
        }
        #expect(failure?.lastStep == seen?.evaluations)
        #expect(failure?.description.hasPrefix("the client has gone; the step of evaluation") == true)
    }

    @Test("a cancelled relaxation throws and returns nothing")
    func cancellation() async throws {
        await #expect(throws: CancellationError.self) {
            try await Cancelled.run { try RelaxationJob([Self.record("one")], Springs()).run { _ in }.count }
        }
    }
}
