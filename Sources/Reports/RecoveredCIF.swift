import CrystalFiles
import Crystallography
import Foundation
import Jobs
import Parameterization

extension SymmetricCIF {
    /// The recovered structure with its operators, Wyckoff letters and standard uncertainties.
    package init(_ outcome: RecoveryOutcome, _ summary: RecoverySummary) {
        let structure = outcome.structure
        let uncertainties = Dictionary(
            outcome.result.refinement.refined.map { ($0.parameter.name, $0.uncertainty) },
            uniquingKeysWith: { first, _ in first })
        func uncertainty(_ name: String) -> Double? { uncertainties[name] ?? nil }
        let lattice = structure.latticeParameters
        let group = structure.spaceGroup
        let cell = zip(LatticeParameters.cellNames, lattice.cell).map { name, value in
            lattice.freeName(of: name).flatMap(uncertainty).map { MeasuredValue(value, uncertainty: $0) }
                ?? MeasuredValue(rounding: value, decimals: 10)
        }
        var cif = SymmetricCIF(
            name: "recovered", lengths: Array(cell[0..<3]), angles: Array(cell[3..<6]),
            volume: MeasuredValue(rounding: structure.lattice.volume, decimals: 6), symbol: group.symbol,
            number: group.number,
            hallSymbol: group.hallSymbol, operations: group.operations,
            sites: structure.orbits.map { orbit in
                let element = orbit.occupants.first?.species.element.symbol ?? ""
                return SymmetricCIF.AtomSite(
                    label: orbit.label, occupants: orbit.occupants,
                    position: Self.position(orbit, uncertainty),
                    wyckoffLetter: orbit.letter.isEmpty ? nil : orbit.letter,
                    multiplicity: orbit.multiplicity, displacement: orbit.displacement,
                    displacementUncertainties: [
                        uncertainty("\(orbit.label).B") ?? uncertainty("\(element).B")
                    ]
                    .compactMap { $0 })
            })
        cif.extraItems = [
            .init("_pd_proc_ls_prof_wR_factor", String(format: "%.4f", summary.rwp)),
            .init("_pd_proc_ls_prof_wR_expected", String(format: "%.4f", summary.rexp)),
            .init("_refine_ls_R_I_factor", String(format: "%.4f", summary.rBragg)),
            .init("_refine_ls_goodness_of_fit_all", String(format: "%.3f", summary.gof)),
        ]
        cif.comments = [
            "Recovered by wyckoff \(summary.version) from \(URL(fileURLWithPath: summary.pattern).lastPathComponent)"
        ]
        self = cif
    }

    /// x, y, z with the uncertainties of the free coordinates carried over, their correlations left out.
    private static func position(_ orbit: Orbit, _ uncertainty: (String) -> Double?) -> [MeasuredValue] {
        let position = orbit.position
        let site = orbit.siteSymmetry
        return (0..<3).map { axis in
            var variance = 0.0
            for (direction, name) in zip(site.directions, site.coordinateNames) {
                let u = uncertainty("\(orbit.label).\(name)") ?? 0
                variance += pow(Double(direction[axis]) * u, 2)
            }
            return variance > 0
                ? MeasuredValue(position[axis], uncertainty: variance.squareRoot())
                : MeasuredValue(rounding: position[axis], decimals: 12)
        }
    }
}
