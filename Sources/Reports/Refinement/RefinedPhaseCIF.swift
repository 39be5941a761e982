import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Jobs
import NumericalMethods
import Parameterization
import Publishing
import Refinement

/// The CIF of one refined phase: cell, symmetry, atoms and their distances with standard uncertainties.
struct RefinedPhaseCIF {
    let outcome: RefinementJob.Outcome
    let phase: Int
    /// Of the data block.
    let name: String
    let version: String

    private var structure: ReducedStructure { outcome.structure(ofPhase: phase) }
    private var prefix: String { RefinedPhaseRow.prefix(phase, of: outcome.parts[0].model.phases.count) }
    private var covariance: ParameterCovariance {
        outcome.joint?.covariance ?? outcome.parts[0].covariance
    }

    /// A data block of its own.
    func text() throws -> String {
        var cif = SymmetricCIF(structure, name: name, uncertainties: uncertainties)
        cif.volume = MeasuredValue(structure.lattice.volume, uncertainty: volumeUncertainty)
        if cif.volume?.uncertainty == nil {
            cif.volume = MeasuredValue(rounding: structure.lattice.volume, decimals: 6)
        }
        for index in structure.orbits.indices {
            if case .anisotropic = structure.orbits[index].displacement {
                cif.sites[index].displacementUncertainties = try anisotropicUncertainties(ofOrbit: index)
            }
        }
        cif.extraItems = identity
        let geometry = StructureGeometry(structure, covariance: covariance, prefix: prefix)
        return CIFFile.serialise(cif) + Self.loops(of: geometry)
    }

    private var uncertainties: [String: Double] {
        let refined = outcome.joint?.refined ?? outcome.parts[0].refined
        let following = outcome.joint == nil ? outcome.parts[0].followingUncertainties : [:]
        let own = following.filter { $0.key.hasPrefix(prefix) && $0.value > 0 }
        let coordinates = own.map { (String($0.key.dropFirst(prefix.count)), $0.value) }
        return refined.reduce(into: Dictionary(uniqueKeysWithValues: coordinates)) { result, item in
            guard let uncertainty = item.uncertainty, item.parameter.name.hasPrefix(prefix) else { return }
            result[String(item.parameter.name.dropFirst(prefix.count))] = uncertainty
        }
    }

    /// Å³, from the free lengths and angles with their correlations.
    private var volumeUncertainty: Double? {
        let lattice = structure.latticeParameters
        var gradient: [String: Double] = [:]
        for (k, name) in lattice.names.enumerated() {
            let step = 1e-6 * lattice.values[k]
            var (more, less) = (lattice, lattice)
            more.values[k] += step
            less.values[k] -= step
            gradient[prefix + name] = (more.lattice.volume - less.lattice.volume) / (2 * step)
        }
        return covariance.uncertainty(gradient: gradient)
    }

    /// Of U11 U22 U33 U12 U13 U23, each as the free components that symmetry ties it to move it.
    private func anisotropicUncertainties(ofOrbit index: Int) throws -> [Double] {
        let model = outcome.parts[0].model
        let label = prefix + structure.orbits[index].label
        let names = ["U11", "U22", "U33", "U12", "U13", "U23"].map { "\(label).\($0)" }
            .filter { covariance.names.contains($0) }
        func components(_ model: PowderModel) -> [Double] {
            guard case .anisotropic(let u) = model.phases[phase].structure.orbits[index].displacement else {
                return [Double](repeating: 0, count: 6)
            }
            return [u[0, 0], u[1, 1], u[2, 2], u[0, 1], u[0, 2], u[1, 2]]
        }
        let step = 1e-4
        let slopes = try names.map { name in
            var moved = model
            try moved.set(name, to: (model[name] ?? 0) + step)
            return zip(components(moved), components(model)).map { ($0 - $1) / step }
        }
        guard !names.isEmpty else { return [] }
        return (0..<6).map { k in
            let gradient = Dictionary(uniqueKeysWithValues: zip(names, slopes.map { $0[k] }))
            return covariance.uncertainty(gradient: gradient.filter { abs($0.value) > 1e-9 }) ?? 0
        }
    }

    /// Titles of structures that this program wrote; they say how it was found, not what it is.
    private static let ownTitles = ["recovered", "relaxed", "refined"]

    /// CIF 1.1 is ASCII.
    private var title: String {
        let title = structure.title.onOneLine
        if Self.ownTitles.contains(title) { return formula.reduced.conventional }
        return title.isEmpty || !title.allSatisfy(\.isASCII) ? name : title
    }

    private var formula: Formula {
        Formula(of: structure.orbits.flatMap { orbit in orbit.occupants.map { ($0, orbit.multiplicity) } })
    }

    private var identity: [SymmetricCIF.Item] {
        let mass = structure.orbits.reduce(0) { sum, orbit in
            sum + Double(orbit.multiplicity) * orbit.occupants.reduce(0) { $0 + $1.mass }
        }
        let electrons = structure.orbits.reduce(0.0) { sum, orbit in
            sum + Double(orbit.multiplicity)
                * orbit.occupants.reduce(0) {
                    $0 + $1.occupancy * Double($1.species.element.atomicNumber)
                }
        }
        return [
            .init("_audit_creation_method", "wyckoff \(version)"),
            .init("_pd_phase_name", title),
            .init("_chemical_formula_weight", String(format: "%.2f", mass / Double(formula.units))),
            .init("_space_group_crystal_system", structure.spaceGroup.crystalSystem.rawValue),
            .init("_exptl_crystal_F_000", String(format: "%.0f", electrons)),
        ]
    }

    private static func loops(of geometry: StructureGeometry) -> String {
        func text(_ value: Double, _ uncertainty: Double?, _ decimals: Int) -> String {
            uncertainty == nil
                ? String(format: "%.\(decimals)f", value)
                : MeasuredValue(value, uncertainty: uncertainty).text
        }
        var lines: [String] = []
        if !geometry.bonds.isEmpty {
            lines += [
                "loop_", "_geom_bond_atom_site_label_1", "_geom_bond_atom_site_label_2",
                "_geom_bond_site_symmetry_2", "_geom_bond_distance", "_geom_bond_multiplicity",
            ]
            lines += geometry.bonds.map { bond in
                [
                    CIFWord.quoted(bond.first), CIFWord.quoted(bond.second), bond.symmetry,
                    text(bond.distance, bond.uncertainty, 4), "\(bond.count)",
                ].joined(separator: " ")
            }
        }
        if !geometry.angles.isEmpty {
            lines += [
                "loop_", "_geom_angle_atom_site_label_1", "_geom_angle_atom_site_label_2",
                "_geom_angle_atom_site_label_3", "_geom_angle_site_symmetry_1",
                "_geom_angle_site_symmetry_3", "_geom_angle",
            ]
            lines += geometry.angles.map { angle in
                [
                    CIFWord.quoted(angle.first), CIFWord.quoted(angle.centre), CIFWord.quoted(angle.second),
                    angle.firstSymmetry, angle.secondSymmetry, text(angle.degrees, angle.uncertainty, 2),
                ].joined(separator: " ")
            }
        }
        return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
    }
}
