/// Every number that decides what a recovery from a measured pattern finds, by stage; summary.json holds them under
/// `settings`, and Docs/RecoverySettings.md lists them.
///
/// A field says its unit and its reason: a law, a paper, or the samples that chose it. *Unexplained* is said of one whose reason
/// nobody wrote down; `SettingsSweepTests` tells how much hangs on it.
public struct RecoverySettings: Codable, Sendable, Hashable {
    /// Which structures a start may be.
    public var start = Start()
    /// Lines that stand out of the pattern.
    public var lines = Lines()
    /// Phases that are known beforehand.
    public var known = Known()
    /// The lattice, from the positions of the lines.
    public var cell = Cell()
    /// Groups, from the lines that are not there.
    public var absences = Absences()
    /// A start's atoms on given positions.
    public var skeleton = Skeleton()
    /// Which positions a composition fills.
    public var occupation = Occupation()
    /// Free coordinates, from the intensities.
    public var atoms = Atoms()
    /// A structure from a composition and a cell alone.
    public var solution = Solution()
    /// Which minima are refined, and which of them is taken.
    public var selection = Selection()
    /// Everything together, against one pattern.
    public var refinement = Refinement()
    /// Texture, where it is asked for.
    public var orientation = Orientation()
    /// Everything together, against several patterns.
    public var joint = Joint()
    /// Whether the highest symmetry is taken that the pattern allows.
    public var groups = Groups()
    /// Elements in each other's places.
    public var rivals = Rivals()
    /// Whether a pattern asks for as much of each element as the formula gives.
    public var amounts = Amounts()
    /// What the verdict asks.
    package var proof = ProofLimits()

    /// With the values that Docs/RecoverySettings.md lists.
    public init() {}
}
