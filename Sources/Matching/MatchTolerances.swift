/// What counts as the same structure.
public struct MatchTolerances: Codable, Sendable, Hashable {
    /// Lengths of the reduced primitive cells agree within the factor 1 + this, either way.
    public var length = 0.2
    /// The largest displacement allowed, in units of (V/N)^⅓.
    public var site = 0.3
    /// Angles of the reduced primitive cells agree within this, in degrees.
    public var angle = 5.0
    /// Both cells are brought to the same volume per atom first.
    public var scalesVolume = true
    /// Atoms farther apart than this are not merged when the primitive cell is sought, in Å; 1.4 times as much
    /// is allowed in the larger of two cells that are found with different numbers of atoms.
    public var primitive = 0.2
    /// How the search goes beside them.
    package var search = MatchSettings()

    /// The usual defaults 0.2, 0.3, 5°.
    public init() {}

    /// Length and site as shares, the angle in degrees (pymatgen's ltol, stol, angle_tol).
    public init(length: Double, site: Double, angle: Double, scalesVolume: Bool = true) {
        self.length = length
        self.site = site
        self.angle = angle
        self.scalesVolume = scalesVolume
    }

    /// Half of the usual length and two thirds of the usual displacement: for comparing with an answer that is known.
    public static let strict = MatchTolerances(length: 0.1, site: 0.2, angle: 5)
}
