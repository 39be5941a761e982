import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Symmetry
import Testing

/// Structure factors computed by gemmi (IT92) and cctbx (WK95), if they stand beside the package.
enum Golden {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../shared/data/golden"
    ).standardizedFileURL

    static var names: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".tsv") }.map { String($0.dropLast(4)) }.sorted()
    }

    struct Row {
        let index: SIMD3<Int>
        let multiplicity: Int
        let d: Double
        let it92: Double
        let wk95: Double
    }

    static func rows(_ name: String) throws -> [Row] {
        try String(contentsOf: folder.appending(path: name + ".tsv"), encoding: .utf8).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }.map { line in
                let cell = line.split(separator: "\t").map(String.init)
                return Row(
                    index: SIMD3(Int(cell[0]) ?? 0, Int(cell[1]) ?? 0, Int(cell[2]) ?? 0),
                    multiplicity: Int(cell[3]) ?? 0, d: Double(cell[4]) ?? .nan,
                    it92: Double(cell[6]) ?? .nan,
                    wk95: Double(cell[8]) ?? .nan)
            }
    }
}

@Suite("Structure factors") struct StructureFactorsTests {
    @Test(
        "agree with gemmi's and cctbx's on real structures",
        .enabled(if: !Golden.names.isEmpty, "the golden structure factors are not beside the package"),
        arguments: Golden.names)
    func golden(name: String) throws {
        let record = try CrystalFile.readFirst(Golden.folder.appending(path: name + ".cif").path)
        let operations = try #require(record.declaredOperations)
        let lattice = record.structure.lattice
        let rows = try Golden.rows(name)
        let dMin = try #require(rows.map(\.d).min())
        let limit = pow(1 / (2 * dMin), 2) * (1 + 1e-6)
        let list = ReflectionList(
            operations: operations, reciprocalMetric: lattice.reciprocalMetric, limit: limit)
        let rotations = Set(operations.map(\.rotation))
        var number: [SIMD3<Int>: Int] = [:]
        for (i, h) in list.indices.enumerated() {
            for r in rotations {
                number[h * r] = i
                number[SIMD3<Int>.zero &- h * r] = i
            }
        }
        for table in [ScatteringTable.it92, .wk95] {
            let orbits = try record.asymmetricSites.map { site in
                var still = site
                still.displacement = .isotropic(b: 0)
                return try ScatteringOrbit(
                    site: still, operations: operations, lattice: lattice,
                    radiation: Radiation(wavelength: 1.540593),
                    table: table, dispersion: false)
            }
            let factors = try StructureFactors(
                orbits: orbits, operations: operations, reflections: list,
                reciprocalMetric: lattice.reciprocalMetric)
            let calculated = factors.intensities.map { $0.squareRoot() }
            let largest = rows.map { table == .it92 ? $0.it92 : $0.wk95 }.filter(\.isFinite).max() ?? 0
            for row in rows {
                let expected = table == .it92 ? row.it92 : row.wk95
                guard expected.isFinite else { continue }
                guard let i = number[row.index] else {
                    #expect(expected < 1e-3, "\(row.index) is missing")
                    continue
                }
                #expect(list.multiplicities[i] == row.multiplicity, "\(row.index)")
                let d =
                    0.5
                    / ReflectionList.q(of: row.index, reciprocalMetric: lattice.reciprocalMetric).squareRoot()
                #expect(abs(d - row.d) <= 1e-6, "\(row.index): d \(d) against \(row.d)")
                #expect(
                    abs(calculated[i] - expected) <= 1e-4 * expected + 2e-5 * largest,
                    "\(table) \(row.index): \(calculated[i]) against \(expected)")
            }
        }
    }
}
