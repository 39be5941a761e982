import Landscape
import Testing

@Suite("Names of axes as they are typed") struct AxisNameTests {
    @Test(
        "Greek letters are spelt out and letters of another case forgiven, but a name that is there is taken as it stands"
    )
    func spelling() {
        let known = ["a", "alpha", "O1.x", "CO1.x", "Co1.x"]
        #expect(AxisName.meant("α", among: known) == "alpha")
        #expect(AxisName.meant("A", among: known) == "a")
        #expect(AxisName.meant("o1.X", among: known) == "O1.x")
        #expect(AxisName.meant("Co1.x", among: known) == "Co1.x")
    }

    @Test("a name that is like two, or none, stays what it is")
    func ambiguous() {
        #expect(AxisName.meant("co1.X", among: ["CO1.x", "Co1.x"]) == "co1.X")
        #expect(AxisName.meant("01.x", among: ["O1.x"]) == "01.x")
    }

    @Test(
        "an axis and a plane of other letters are those of the structure, and one axis spelt twice makes no plane"
    )
    func axes() throws {
        let structure = try LandscapeFixture.example("pbso4")
        #expect(try LandscapeAxis(structure, along: "PB1.X").parameter.name == "Pb1.x")
        let plane = try LandscapePlane(structure, along: ("s1.X", "BETA"))
        #expect(plane.x.name == "S1.x" && plane.y.name == "beta")
        #expect(throws: LandscapeError.sameAxisTwice("a")) {
            try LandscapePlane(structure, along: ("a", "A"))
        }
    }
}
