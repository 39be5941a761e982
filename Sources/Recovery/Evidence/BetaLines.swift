import Crystallography
import Diffraction
import Foundation

/// Lines that stand where Kβ of stronger ones would: filters and analysers let some per cent of it through. They are no lines of another
/// crystal, nor of a larger cell.
package struct BetaLines: Sendable {
    /// Their places in the list of peaks, ascending; empty where too few show the same share.
    package let indices: [Int]

    /// - Parameters:
    ///   - radiation: of the angles; none but an anode's Kα has a Kβ.
    package init(_ found: PeakSearch.Result, radiation: Radiation, settings: RecoverySettings.Lines) {
        guard radiation.probe == .xray, let beta = Wavelength.beta(near: radiation.wavelength) else {
            indices = []
            return
        }
        let ratio = beta / radiation.wavelength
        let reach = settings.betaDistance * found.width
        var pairs: [(index: Int, share: Double)] = []
        for strong in found.peaks {
            let angle = 2 * asin(sin(strong.twoTheta * .pi / 360) * ratio) * 180 / .pi
            for (i, weak) in found.peaks.enumerated() where abs(weak.twoTheta - angle) <= reach {
                let share = weak.height / strong.height
                if settings.betaShares.contains(share) { pairs.append((i, share)) }
            }
        }
        let median = pairs.map(\.share).sorted().dropFirst(pairs.count / 2).first ?? 0
        let alike = pairs.filter {
            $0.share <= settings.betaSpread * median && settings.betaSpread * $0.share >= median
        }
        let places = Set(alike.map(\.index))
        indices = places.count >= settings.betaLines ? places.sorted() : []
    }
}
