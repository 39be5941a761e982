import CrystalFiles
import CrystalTexts
import Crystallography
import Diffraction
import Foundation
import Parameterization
import Patterns
import Testing

@Suite("The crystal of a pattern") struct PatternCrystalTests {
    private static func record(_ text: String) throws -> CrystalRecord {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).cif")
        try text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        return try CrystalFile.readFirst(file.path)
    }

    private static func cif(
        operations: String, cell: String = "5 6 7 90 90 90", atoms: String, aniso: String = ""
    ) -> String {
        let columns = ["label"] + ["11", "22", "33", "12", "13", "23"].map { "U_\($0)" }
        let tensors = columns.map { "_atom_site_aniso_\($0)\n" }.joined()
        return CrystalText.cif(
            block: "data_a", cell: cell, items: "loop_\n_space_group_symop_operation_xyz\n\(operations)",
            columns: CrystalText.occupiedPlaces + ["U_iso_or_equiv"], sites: atoms,
            loops: aniso.isEmpty ? "" : "loop_\n\(tensors)\(aniso)")
    }

    private static func reflections(_ crystal: PatternCrystal) throws -> [PatternSimulation.Reflection] {
        let simulation = PatternSimulation(instrument: Instrument(radiation: Radiation(wavelength: 1.54)))
        return try simulation.simulate([crystal], twoTheta: AngleGrid("5:60:0.05").angles).reflections
    }

    @Test("atoms that share a place keep their own displacement parameters") func sharedPlace() throws {
        let text = Self.cif(
            operations: "x,y,z\n-x,-y,-z",
            atoms: "Na Na 0.1 0.2 0.3 0.5 0.01\nK K 0.1 0.2 0.3 0.5 0.09\nO O 0.6 0.3 0.2 1 0.02")
        let crystal = try PatternCrystal(Self.record(text), file: "a.cif")
        let all = try Self.reflections(crystal)
        #expect(all.count > 20)
        // |F| = |Σ 2 cos(2π h·x) occ f exp(−8π² U s²)|, f with f′ and f″.
        let sites: [(String, SIMD3<Double>, Double, Double)] = [
            ("Na", SIMD3(0.1, 0.2, 0.3), 0.5, 0.01), ("K", SIMD3(0.1, 0.2, 0.3), 0.5, 0.09),
            ("O", SIMD3(0.6, 0.3, 0.2), 1, 0.02),
        ]
        for reflection in all {
            let q = 1 / (4 * reflection.d * reflection.d)
            var (real, imaginary) = (0.0, 0.0)
            for (symbol, position, occupancy, u) in sites {
                let species = try #require(Species(symbol: symbol))
                let scatterer = try Scatterer(species, radiation: Radiation(wavelength: 1.54))
                let phase = 2 * Double.pi * (SIMD3<Double>(reflection.index) * position).sum()
                let weight = 2 * cos(phase) * occupancy * exp(-8 * Double.pi * Double.pi * u * q)
                real += weight * (scatterer.formFactor.value(at: q) + scatterer.dispersionReal)
                imaginary += weight * scatterer.dispersionImaginary
            }
            let expected = (real * real + imaginary * imaginary).squareRoot()
            #expect(abs(reflection.structureFactor - expected) < 1e-9 * (1 + expected))
        }
    }

    @Test("symmetry found in a list of all atoms gives the pattern of the symmetry stated")
    func statedAndFound() throws {
        let shipped = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Data/structures")
        for name in ["pbso4.cif", "fluorapatite.cif", "nac.cif"] {
            let file = shipped.appendingPathComponent(name).path
            let stated = try PatternCrystal(readingFrom: file).atRest
            let found = try PatternCrystal(
                CrystalRecord(try CrystalFile.readFirst(file).structure), file: name
            ).atRest
            #expect(found.structure.spaceGroup.number == stated.structure.spaceGroup.number)
            let (a, b) = (try Self.reflections(stated), try Self.reflections(found))
            #expect(a.count == b.count)
            for (x, y) in zip(a, b) {
                #expect(abs(x.d - y.d) < 1e-6)
            }
            let sums = [a, b].map { list in list.reduce(0) { $0 + $1.intensity } }
            #expect(abs(sums[0] / sums[1] - 1) < 1e-4)
        }
    }

    @Test("a cell that is cubic only to 1e-4 keeps its own spacings") func almostCubic() throws {
        let text = Self.cif(operations: "x,y,z", cell: "4 4 4.0004 90 90 90", atoms: "Po Po 0 0 0 1 0")
        let crystal = try PatternCrystal(Self.record(text), file: "a.cif")
        #expect(crystal.structure.spaceGroup.number == 123)
        let forced = try PatternCrystal(
            Self.record(text), file: "a.cif", symmetry: .find, tolerance: 0.01)
        #expect(forced.structure.spaceGroup.number == 221)
        let spacings = try Self.reflections(crystal).map(\.d)
        #expect(spacings.contains { abs($0 - 4.0004) < 1e-9 } && spacings.contains { abs($0 - 4) < 1e-9 })
    }

    @Test("displacements that break the symmetry of the positions: every atom for itself")
    func displacementsBreakSymmetry() throws {
        let text = Self.cif(
            operations: "x,y,z", cell: "4 4 4 90 90 90", atoms: "Po Po 0 0 0 1 0.01",
            aniso: "Po 0.01 0.04 0.01 0 0 0")
        let crystal = try PatternCrystal(Self.record(text), file: "a.cif")
        #expect(crystal.structure.spaceGroup.number == 1)
        #expect(crystal.warnings.contains { $0.contains("break the symmetry") })
        let all = try Self.reflections(crystal)
        let (x, y) = (all.first { $0.index == SIMD3(1, 0, 0) }, all.first { $0.index == SIMD3(0, 1, 0) })
        let ratio = try #require(y).structureFactor / #require(x).structureFactor
        #expect(abs(ratio - exp(-2 * Double.pi * Double.pi * 0.03 / 16)) < 1e-9)
    }
}
