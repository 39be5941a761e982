import Parameterization
import Reports
import Testing

@Suite("an atom of the asymmetric unit in JSON") struct SiteRowTests {
    @Test("it has the orbit's label, element, letter, multiplicity and coordinates: PbSO4's lead on 4c")
    func shape() throws {
        let orbit = try #require(try Samples.reduced("pbso4").orbits.first)
        let object = try Samples.object(SiteRow(orbit))
        #expect(Set(object.keys) == ["label", "element", "letter", "multiplicity", "x", "y", "z"])
        #expect(object["label"] as? String == "Pb1" && object["element"] as? String == "Pb")
        #expect(object["letter"] as? String == "c" && object["multiplicity"] as? Int == 4)
        #expect(object["y"] as? Double == orbit.position.y)
    }
}
