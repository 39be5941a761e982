import Crystallography
import Refinement

/// From where on a clause of a proof holds; Docs/Verdicts.md says what each clause means.
package struct ProofLimits: Sendable, Hashable, Codable {
    package var fit = FitVerdict.Limits()
    /// Å; the symmetry that is found at this tolerance is the structure's own.
    package var symmetryTolerance = 1e-5
    /// Shortest contact as a share of the sum of covalent radii.
    package var contact = Contacts.sane
    /// Global instability index up to which bond valences are believed; v.u. Below 0.2 in most crystals, and 0.1 Å in
    /// the place of an oxygen atom, what a powder pattern beside heavy atoms leaves open, adds 0.3.
    package var instability = 0.6
    /// Lines at no reflection, as a share of the height of all lines, from which on another phase or another cell is
    /// more than an impurity.
    package var unexplainedShare = 0.15
    /// Resolved lines for each free coordinate; with less, many arrangements of atoms fit. At least three observations for
    /// a parameter, better five (McCusker et al., J. Appl. Cryst. 32 (1999) 36).
    package var linesPerCoordinate = 3.0
    /// Typical widths from a reflection within which a line is its own; two lines so far apart are told apart.
    package var resolved = 1.0
    /// Share of a line's height, both relative to the strongest, that the reflections there must be calculated with for the line to be
    /// theirs. Right structures have more than half; a coincidence has next to nothing.
    package var calculatedShare = 0.2
    /// March's ratio, or one over it, below which intensities are more the texture's than the structure's: at a half those along the
    /// direction and across it differ by 2^4.5, more than most structures' do.
    package var strongTexture = 0.5
    /// Separate beginnings of the search that must have led to the structure…
    package var beginnings = 2
    /// …unless no more than this share of the intensity is misfit (`StructuralMisfit.share`): nothing is left that another
    /// structure could explain.
    package var plainMisfit = 0.1

    /// With the values that Docs/RecoverySettings.md lists.
    package init() {}
}
