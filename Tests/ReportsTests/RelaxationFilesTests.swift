import CrystalFiles
import Crystallography
import Energies
import Foundation
import Jobs
import NumericalMethods
import Parameterization
import Reports
import Symmetry
import Testing

/// A spring on the volume of the cell.
private struct Spring: InteratomicPotential {
    var name: String { "spring" }

    func evaluate(_ structure: CrystalStructure) throws -> EnergyEvaluation {
        let excess = structure.lattice.volume - 45
        return EnergyEvaluation(
            energy: excess * excess, forces: structure.sites.map { _ in .zero },
            stress: 2 * excess * EnergyEvaluation.gigapascal * .identity)
    }
}

@Suite("files of a relaxation") struct RelaxationFilesTests {
    private static func job() throws -> RelaxationJob {
        var record = CrystalRecord(try Samples.copper())
        record.name = "Cu"
        return RelaxationJob([record], Spring())
    }

    @Test(
        "every step is a frame, and the structure that is written is the one that was reached",
        arguments: ["cif", "vasp"])
    func whole(format: String) throws {
        try withFolder { folder in
            let (structure, steps) = (
                folder.appendingPathComponent("x.\(format)").path,
                folder.appendingPathComponent("s.extxyz").path
            )
            let files = RelaxationFiles(structure: structure, trajectory: steps)
            var observer = RelaxationJob.Observer()
            var count = 0
            observer.step = { name, step in
                count += 1
                files.add(step, of: name)
            }
            observer.relaxed = { files.finish($0) }
            _ = try Self.job().run(reporting: { _ in }, to: observer)
            let written = try files.write()
            #expect(written.place == structure)
            let frames = try CrystalFile.read(steps)
            #expect(frames.count == count && count > 1)
            let end = try CrystalFile.readFirst(structure).structure
            #expect(abs(end.lattice.volume - 45) < 0.05)
            let last = try #require(frames.last).structure
            #expect(abs(last.lattice.volume - end.lattice.volume) < 1e-3)
            // Nothing was on its way.
            #expect(try files.rescue(of: "cu.cif").sentence == nil)
        }
    }

    @Test("an interrupted run leaves its last good step, and says which it was")
    func interrupted() throws {
        try withFolder { folder in
            let path = folder.appendingPathComponent("x.cif").path
            let files = RelaxationFiles(structure: path, trajectory: nil)
            #expect(try files.write().place == nil)
            var observer = RelaxationJob.Observer()
            observer.step = { files.add($1, of: $0) }
            _ = try Self.job().run(reporting: { _ in }, to: observer)
            let rescue = try files.rescue(of: "cu.cif")
            let sentence = try #require(rescue.sentence)
            #expect(sentence.hasPrefix("cu.cif: interrupted; the step of evaluation "))
            #expect(sentence.hasSuffix("written to \(path)"))
            #expect(abs(try CrystalFile.readFirst(path).structure.lattice.volume - 45) < 0.05)
        }
    }
}
