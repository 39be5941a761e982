import CrystalFiles
import Crystallography
import Diffraction
import Parameterization
import Symmetry

/// A structure file as every program of the comparison reads it: Cu Kα1 1.540593 Å, 2θ 5–90°, 0.02° steps, atoms
/// without thermal motion, no anomalous dispersion.
struct BenchmarkedStructure {
    static let wavelength = 1.540593
    static let twoTheta = (0...4250).map { 5 + 0.02 * Double($0) }

    let record: CrystalRecord
    let operations: [SymmetryOperation]
    let orbits: [ScatteringOrbit]

    init(file: String) throws {
        record = try CrystalFile.readFirst(file)
        operations = record.declaredOperations ?? [.identity]
        let (operations, lattice) = (operations, record.structure.lattice)
        orbits = try record.asymmetricSites.map { site in
            var still = site
            still.displacement = .isotropic(b: 0)
            return try ScatteringOrbit(
                site: still, operations: operations, lattice: lattice,
                radiation: Radiation(wavelength: Self.wavelength), dispersion: false)
        }
    }

    var lattice: Lattice { record.structure.lattice }

    /// (sinθ/λ)² at 2θ = 90°.
    static let limit = 0.5 / (wavelength * wavelength)

    func factors(threads: Int = 1) throws -> StructureFactors {
        let list = ReflectionList(
            operations: operations, reciprocalMetric: lattice.reciprocalMetric, limit: Self.limit)
        return try StructureFactors(
            orbits: orbits, operations: operations, reflections: list,
            reciprocalMetric: lattice.reciprocalMetric, threads: threads)
    }

    /// In its own setting, with the symmetry that the file declares.
    func reduced() throws -> ReducedStructure {
        let group =
            try SpaceGroup.matching(operations: operations)
            ?? SymmetryFinder.find(in: record.structure, tolerance: 0.01).settingOfInput
        guard let group else { throw BenchmarkError("no tabulated setting has its operations") }
        var sites = record.asymmetricSites
        for index in sites.indices { sites[index].displacement = .isotropic(b: 0) }
        return ReducedStructure(spaceGroup: group, lattice: lattice, asymmetricSites: sites)
    }

    /// PhaseSmith's instrument of the comparison: Thompson–Cox–Hastings, W 0.0018 deg², Y 0.02°, peaks over 20 FWHM.
    func model() throws -> PowderModel {
        let instrument = Instrument(
            radiation: Radiation(wavelength: Self.wavelength), widths: PeakWidths(w: 1.8e-3, y: 0.02),
            radius: 20)
        return PowderModel(phases: [.init(try reduced())], instrument: instrument, dispersion: false)
    }
}

struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
