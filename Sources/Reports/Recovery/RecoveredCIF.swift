import CrystalFiles
import Foundation
import Jobs

extension SymmetricCIF {
    /// The recovered structure with its operators, Wyckoff letters, standard uncertainties and agreement.
    package init(_ outcome: RecoveryOutcome, _ summary: RecoverySummary) {
        let uncertainties = outcome.result.refinement.refined.compactMap { refined in
            refined.uncertainty.map { (refined.parameter.name, $0) }
        }
        self.init(
            outcome.structure, name: "recovered",
            uncertainties: Dictionary(uncertainties, uniquingKeysWith: { first, _ in first }))
        func item(_ tag: String, _ value: Double, _ decimals: Int) -> Item? {
            value.isFinite ? Item(tag, String(format: "%.\(decimals)f", value)) : nil
        }
        // Intensities that are no counts have no expected R.
        extraItems = [
            item("_pd_proc_ls_prof_wR_factor", summary.rwp, 4),
            item("_pd_proc_ls_prof_wR_expected", summary.rexp, 4),
            item("_refine_ls_R_I_factor", summary.rBragg, 4),
            item("_refine_ls_goodness_of_fit_all", summary.gof, 3),
        ].compactMap { $0 }
        if let texture = summary.texture {
            let plane = texture.plane.map(String.init).joined(separator: " ")
            extraItems.append(
                Item(
                    "_pd_proc_ls_pref_orient_corr",
                    "March-Dollase \(plane): \(MeasuredValue(texture.ratio, uncertainty: texture.uncertainty).shortText)"
                ))
        }
        comments = [
            "Recovered by wyckoff \(summary.version) from \(URL(fileURLWithPath: summary.pattern).lastPathComponent)"
        ]
    }
}
