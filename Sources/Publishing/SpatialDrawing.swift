import Foundation

/// Balls, sticks, edges and faces in space, drawn on a page where the reader turns them: by pointer, touch or keys.
package struct SpatialDrawing: Sendable {
    package struct Ball: Sendable, Hashable {
        package var position: SIMD3<Double>
        /// In the unit of the positions.
        package var radius: Double
        /// `#d43a2f`.
        package var color: String
        package var label: String
        /// Balls of one group are shown together when one of them is chosen.
        package var group: Int
        /// Outside of what is drawn for itself: paler.
        package var isPale: Bool

        package init(
            at position: SIMD3<Double>, radius: Double, color: String, label: String, group: Int,
            isPale: Bool = false
        ) {
            (self.position, self.radius, self.color, self.label) = (position, radius, color, label)
            (self.group, self.isPale) = (group, isPale)
        }
    }

    /// What is said of a group when it is chosen.
    package struct Group: Sendable, Hashable {
        package var name: String
        package var color: String
        package var detail: String

        package init(name: String, color: String, detail: String) {
            (self.name, self.color, self.detail) = (name, color, detail)
        }
    }

    /// A flat face, its corners in order.
    package struct Face: Sendable, Hashable {
        package var corners: [SIMD3<Double>]
        package var color: String

        package init(corners: [SIMD3<Double>], color: String) {
            (self.corners, self.color) = (corners, color)
        }
    }

    /// What a screen reader calls it.
    package var name: String
    package var balls: [Ball] = []
    /// Pairs of indices into the balls.
    package var sticks: [SIMD2<Int>] = []
    /// Ends of lines.
    package var edges: [(from: SIMD3<Double>, to: SIMD3<Double>)] = []
    /// Names of places: `a`.
    package var marks: [(position: SIMD3<Double>, text: String)] = []
    package var faces: [Face] = []
    package var groups: [Group] = []

    package init(name: String) { self.name = name }

    /// The element with its data; the page has the script once.
    package var html: String {
        let buttons = groups.enumerated().map { k, group in
            "<button type=\"button\" data-group=\"\(k)\" aria-pressed=\"false\"><i style=\"background:\(HTMLPage.escaped(group.color))\"></i>\(HTMLPage.escaped(group.name))</button>"
        }
        let faceButton =
            faces.isEmpty
            ? "" : "<button type=\"button\" data-do=\"faces\" aria-pressed=\"false\">Polyhedra</button>"
        return """
            <figure class="space"><svg role="img" tabindex="0" viewBox="-300 -225 600 450" aria-label="\(HTMLPage.escaped(name)). Arrow keys turn it, plus and minus scale it, 0 brings it back."></svg>
            <div class="tools"><button type="button" data-do="larger" aria-label="Larger">+</button><button type="button" data-do="smaller" aria-label="Smaller">−</button><button type="button" data-do="back">Reset</button><button type="button" data-do="labels" aria-pressed="true">Labels</button>\(faceButton)</div>
            <div class="tools sites">\(buttons.joined())</div>
            <p class="readout" aria-live="polite">Drag to turn; tap an atom to see its equals.</p>
            <script type="application/json">\(data)</script></figure>

            """
    }

    private var data: String {
        func number(_ value: Double) -> String { value.isFinite ? String(format: "%.4g", value) : "0" }
        func triple(_ v: SIMD3<Double>) -> String { "\(number(v.x)),\(number(v.y)),\(number(v.z))" }
        let ballRows = balls.map {
            "[\(triple($0.position)),\(number($0.radius)),\($0.group),\($0.isPale ? 1 : 0),\(JSONDialect.quoted($0.label)),\(JSONDialect.quoted($0.color))]"
        }
        let stickRows = sticks.map { "[\($0.x),\($0.y)]" }
        let edgeRows = edges.map { "[\(triple($0.from)),\(triple($0.to))]" }
        let markRows = marks.map { "[\(triple($0.position)),\(JSONDialect.quoted($0.text))]" }
        let faceRows = faces.map {
            "[\(JSONDialect.quoted($0.color)),\($0.corners.map(triple).joined(separator: ","))]"
        }
        let groupRows = groups.map { "[\(JSONDialect.quoted($0.name)),\(JSONDialect.quoted($0.detail))]" }
        func list(_ name: String, _ rows: [String]) -> String {
            "\"\(name)\":[\(rows.joined(separator: ","))]"
        }
        return "{"
            + [
                list("balls", ballRows), list("sticks", stickRows), list("edges", edgeRows),
                list("marks", markRows), list("faces", faceRows), list("groups", groupRows),
            ].joined(separator: ",") + "}"
    }

    /// Turns and draws every figure of the kind: the far before the near, all in one SVG that prints as it stands.
    static let script = """
        document.querySelectorAll('figure.space').forEach(function(f){
        var d=JSON.parse(f.querySelector('script').textContent),svg=f.querySelector('svg'),out=f.querySelector('.readout'),prompt=out.textContent;
        var chosen=-1,labels=true,faces=false,zoom=1,M,c=[0,0,0],n=0,size=1e-6;
        d.balls.forEach(function(b){if(b[5])return;c[0]+=b[0];c[1]+=b[1];c[2]+=b[2];n++});
        d.edges.forEach(function(e){for(var i=0;i<6;i++)c[i%3]+=e[i];n+=2});
        c=c.map(function(v){return v/Math.max(n,1)});
        function far(x,y,z){size=Math.max(size,Math.hypot(x-c[0],y-c[1],z-c[2]))}
        d.balls.forEach(function(b){far(b[0],b[1],b[2])});d.edges.forEach(function(e){far(e[0],e[1],e[2]);far(e[3],e[4],e[5])});
        function turn(ax,ay){var a=Math.cos(ax),b=Math.sin(ax),p=Math.cos(ay),q=Math.sin(ay),R=[[p,0,q],[b*q,a,-b*p],[-a*q,b,a*p]];
        M=R.map(function(r){return [0,1,2].map(function(j){return r[0]*M[0][j]+r[1]*M[1][j]+r[2]*M[2][j]})})}
        function back(){M=[[0,1,0],[0,0,1],[1,0,0]];zoom=1;turn(.22,.36)}
        function esc(t){return String(t).replace(/&/g,'&amp;').replace(/</g,'&lt;').replace(/"/g,'&quot;')}
        function place(x,y,z){x-=c[0];y-=c[1];z-=c[2];var u=M[0][0]*x+M[0][1]*y+M[0][2]*z,v=M[1][0]*x+M[1][1]*y+M[1][2]*z,w=M[2][0]*x+M[2][1]*y+M[2][2]*z;
        var s=zoom*195/size*(1/(1-w/(9*size)));return [u*s,-v*s,w,s]}
        function line(a,b,k){return '<line x1="'+a[0].toFixed(1)+'" y1="'+a[1].toFixed(1)+'" x2="'+b[0].toFixed(1)+'" y2="'+b[1].toFixed(1)+'" '+k+'/>'}
        function draw(){var items=[],at=d.balls.map(function(b){return place(b[0],b[1],b[2])});
        d.edges.forEach(function(e){var a=place(e[0],e[1],e[2]),b=place(e[3],e[4],e[5]);items.push([(a[2]+b[2])/2-.02*size,line(a,b,'class="edge"')])});
        d.sticks.forEach(function(s){var a=at[s[0]],b=at[s[1]],p=d.balls[s[0]],q=d.balls[s[1]],m=[(a[0]+b[0])/2,(a[1]+b[1])/2],w=Math.max(1.2,.11*(a[3]+b[3])/2).toFixed(1),pale=p[5]||q[5]?' opacity=".45"':'';
        items.push([(3*a[2]+b[2])/4,line(a,m,'stroke="'+p[7]+'" stroke-width="'+w+'"'+pale)]);items.push([(a[2]+3*b[2])/4,line(b,m,'stroke="'+q[7]+'" stroke-width="'+w+'"'+pale)])});
        if(faces)d.faces.forEach(function(t){var p=[],z=0,k=(t.length-1)/3;for(var i=0;i<k;i++){var v=place(t[1+3*i],t[2+3*i],t[3+3*i]);p.push(v[0].toFixed(1)+','+v[1].toFixed(1));z+=v[2]/k}items.push([z,'<polygon points="'+p.join(' ')+'" fill="'+t[0]+'" class="face"/>'])});
        d.balls.forEach(function(b,i){var p=at[i],r=b[3]*p[3],on=chosen==b[4],x=p[0].toFixed(1),y=p[1].toFixed(1),dim=chosen>=0&&!on;
        var g='<g data-ball="'+i+'" opacity="'+(dim?.35:b[5]?.55:1)+'"><circle cx="'+x+'" cy="'+y+'" r="'+r.toFixed(1)+'" fill="'+b[7]+'" class="'+(on?'ball on':'ball')+'"/><ellipse cx="'+(p[0]-r*.32).toFixed(1)+'" cy="'+(p[1]-r*.36).toFixed(1)+'" rx="'+(r*.3).toFixed(1)+'" ry="'+(r*.22).toFixed(1)+'" fill="#fff" opacity=".5"/>';
        if((labels&&!b[5]&&!dim)||on&&!b[5])g+='<text x="'+(p[0]+r*.75).toFixed(1)+'" y="'+(p[1]-r*.75).toFixed(1)+'">'+esc(b[6])+'</text>';items.push([p[2],g+'</g>'])});
        d.marks.forEach(function(m){var p=place(m[0],m[1],m[2]);items.push([p[2],'<text class="mark" x="'+p[0].toFixed(1)+'" y="'+p[1].toFixed(1)+'">'+esc(m[3])+'</text>'])});
        items.sort(function(a,b){return a[0]-b[0]});svg.innerHTML=items.map(function(i){return i[1]}).join('')}
        function choose(g){chosen=g==chosen?-1:g;out.textContent=chosen<0?prompt:d.groups[chosen][1];
        f.querySelectorAll('[data-group]').forEach(function(b){b.setAttribute('aria-pressed',b.getAttribute('data-group')==chosen)});draw()}
        function act(w,b){if(w=='larger')zoom=Math.min(8,zoom*1.2);if(w=='smaller')zoom=Math.max(.3,zoom/1.2);if(w=='back')back();
        if(w=='labels')labels=!labels;if(w=='faces')faces=!faces;if(b&&b.hasAttribute('aria-pressed'))b.setAttribute('aria-pressed',w=='labels'?labels:faces);draw()}
        f.addEventListener('click',function(e){var b=e.target.closest('button');if(!b)return;if(b.hasAttribute('data-group'))choose(+b.getAttribute('data-group'));else act(b.getAttribute('data-do'),b)});
        svg.addEventListener('keydown',function(e){var s=.12,k=e.key,done=true;if(k=='ArrowLeft')turn(0,-s);else if(k=='ArrowRight')turn(0,s);else if(k=='ArrowUp')turn(-s,0);else if(k=='ArrowDown')turn(s,0);
        else if(k=='+'||k=='=')act('larger');else if(k=='-')act('smaller');else if(k=='0')act('back');else if(k=='Escape'&&chosen>=0)choose(chosen);else if(k=='n'&&d.groups.length)choose((chosen+1)%d.groups.length);else done=false;
        if(done){e.preventDefault();draw()}});
        var held={},moved=0,gap=0;
        svg.addEventListener('pointerdown',function(e){held[e.pointerId]=[e.clientX,e.clientY];moved=0;gap=0;try{svg.setPointerCapture(e.pointerId)}catch(x){}});
        svg.addEventListener('pointermove',function(e){var h=held[e.pointerId];if(!h)return;var ids=Object.keys(held),dx=e.clientX-h[0],dy=e.clientY-h[1];held[e.pointerId]=[e.clientX,e.clientY];moved+=Math.abs(dx)+Math.abs(dy);
        if(ids.length>1){var a=held[ids[0]],b=held[ids[1]],g=Math.hypot(a[0]-b[0],a[1]-b[1]);if(gap>0&&g>0)zoom=Math.min(8,Math.max(.3,zoom*g/gap));gap=g}else turn(dy*.01,dx*.01);draw()});
        function release(e){var was=held[e.pointerId];delete held[e.pointerId];gap=0;if(!was||e.type!='pointerup'||moved>6)return;
        var hit=document.elementFromPoint(e.clientX,e.clientY),g=hit&&hit.closest?hit.closest('[data-ball]'):null;if(g)choose(d.balls[+g.getAttribute('data-ball')][4])}
        svg.addEventListener('pointerup',release);svg.addEventListener('pointercancel',release);
        svg.addEventListener('wheel',function(e){if(!e.ctrlKey&&document.activeElement!=svg)return;e.preventDefault();act(e.deltaY<0?'larger':'smaller')},{passive:false});
        back();draw()});
        """
}

extension HTMLPage {
    /// What the reader can turn; nothing where nothing is drawn.
    package mutating func drawing(_ drawing: SpatialDrawing) {
        guard !drawing.balls.isEmpty else { return }
        insert(drawing.html, script: SpatialDrawing.script)
    }
}
