import Crystallography
import Diffraction
import Foundation

/// Whether a pattern that is given one wavelength holds the second line of an anode's Kα as well: its lines then have companions of half
/// their height where Kα₂ would stand, and none as far on the other side.
package struct SecondSpectralLine: Sendable {
    /// Of each line that was asked: how much more of its height stands at Kα₂'s place than as far on the other side.
    package let shares: [Double]
    /// Both lines.
    package let doublet: Radiation

    private let settings: RecoverySettings.Lines

    /// Nil where the wavelength is no anode's, or lines are given already.
    package init?(_ pattern: PowderPattern, radiation: Radiation, settings: RecoverySettings.Lines) {
        guard radiation.probe == .xray, radiation.lines.count == 1,
            let doublet = Wavelength.doublet(near: radiation.wavelength)
        else { return nil }
        (self.doublet, self.settings) = (doublet, settings)
        let found = PeakSearch(settings: settings)(pattern, radiation: radiation)
        let net = zip(pattern.intensity, found.background).map { $0 - $1 }
        let highest = found.peaks.map(\.height).max() ?? 0
        func height(at angle: Double) -> Double? {
            guard let next = pattern.twoTheta.firstIndex(where: { $0 >= angle }), next > 0 else { return nil }
            let (a, b) = (pattern.twoTheta[next - 1], pattern.twoTheta[next])
            let share = b > a ? (angle - a) / (b - a) : 0
            return net[next - 1] + share * (net[next] - net[next - 1])
        }
        shares = found.peaks.compactMap { peak -> Double? in
            guard peak.height > settings.doubletHeight * highest, let own = height(at: peak.twoTheta),
                own > 0,
                let split = Self.split(doublet, at: peak.twoTheta),
                split > settings.doubletSplit * found.width,
                let above = height(at: peak.twoTheta + split), let below = height(at: peak.twoTheta - split)
            else { return nil }
            // What stands beside a higher line is that line's companion, or hides its own.
            guard max(above, below) < settings.doubletHighest * own else { return nil }
            return (above - below) / own
        }
    }

    /// Degrees 2θ between the lines of the doublet; nil where the second is beyond reach.
    private static func split(_ doublet: Radiation, at angle: Double) -> Double? {
        let sine = sin(angle * .pi / 360) * doublet.lines[1].wavelength / doublet.lines[0].wavelength
        return sine < 1 ? 2 * asin(sine) * 180 / .pi - angle : nil
    }

    /// Whether enough lines have the companion.
    package var isSeen: Bool {
        guard shares.count >= settings.doubletLines else { return false }
        let median = shares.sorted()[shares.count / 2]
        let near = shares.count { settings.doubletShares.contains($0) }
        return settings.doubletShares.contains(median)
            && Double(near) >= settings.doubletAgreement * Double(shares.count)
    }
}
