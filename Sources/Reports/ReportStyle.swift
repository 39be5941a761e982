/// The page's style sheet and script, as they stand in it.
enum ReportStyle {
    static let css = """
        :root{--ink:#1d2733;--soft:#5b6876;--line:#dde3e9;--paper:#fff;--ground:#f4f6f8;--blue:#0072B2;--yes:#00755a;--no:#b3400a}
        *{box-sizing:border-box}
        body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif}
        main{max-width:1120px;margin:24px auto;padding:32px 40px 40px;background:var(--paper);border:1px solid var(--line);border-radius:10px}
        header{border-bottom:3px solid var(--blue);padding-bottom:10px;margin-bottom:18px}
        h1{font-size:1.75rem;line-height:1.25;margin:0;font-weight:650;letter-spacing:-.01em}
        header p{margin:.3rem 0 0;color:var(--soft)}
        nav{display:flex;flex-wrap:wrap;gap:6px 18px;margin:0 0 18px;font-size:.9rem}
        a{color:var(--blue);text-decoration:none}a:hover{text-decoration:underline}
        h2{font-size:1.2rem;font-weight:650;margin:34px 0 10px}
        p{margin:.5rem 0}
        .note,figcaption{color:var(--soft);font-size:.88rem}
        .verdict{border-radius:8px;padding:12px 18px;margin:14px 0 18px;border:1px solid;border-left-width:6px}
        .verdict strong{font-size:1.06rem}
        .verdict.yes{border-color:var(--yes);background:#eef8f4}.verdict.yes strong{color:var(--yes)}
        .verdict.no{border-color:var(--no);background:#fdf3ec}.verdict.no strong{color:var(--no)}
        .verdict ul{list-style:none;margin:8px 0 0;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(330px,1fr));gap:2px 24px;font-size:.93rem}
        .verdict li span{display:inline-block;width:1.2em;font-weight:700}
        li.yes span{color:var(--yes)}li.no span{color:var(--no)}li.open span{color:var(--soft)}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:14px 0}
        .figures>div{border:1px solid var(--line);border-radius:8px;padding:10px 14px;display:flex;flex-direction:column}
        .figures b{font-weight:500;font-size:.82rem;color:var(--soft)}
        .figures em{font-style:normal;font-size:1.45rem;font-weight:600;font-variant-numeric:tabular-nums;line-height:1.3;white-space:nowrap}
        .figures i{font-style:normal;font-size:.85rem;font-weight:400;color:var(--soft);margin-left:.25em}
        .figures small{color:var(--soft);font-size:.78rem;line-height:1.3}
        .scroll{overflow-x:auto;margin:10px 0}
        table{border-collapse:collapse;font-size:.93rem;min-width:55%}
        .stacks{display:flex;flex-wrap:wrap;gap:0 32px;align-items:flex-start}.stacks table{min-width:0;flex:1 1 260px}
        th{text-align:left;font-weight:600;border-bottom:2px solid var(--ink);padding:5px 22px 5px 8px;white-space:nowrap}
        th i{font-style:normal;font-weight:400;color:var(--soft);font-size:.85em}
        td{border-bottom:1px solid var(--line);padding:4px 22px 4px 8px}
        .wide table{font-size:.84rem}.wide th,.wide td{padding:4px 9px 4px 4px;white-space:nowrap}
        tbody tr:hover{background:#f2f7fb}
        .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        figure{margin:16px 0}figure svg{width:100%;height:auto;display:block}
        figure svg text,figure svg tspan{font-family:Helvetica,Arial,"DejaVu Sans",sans-serif}
        .plot{position:relative;cursor:crosshair}
        .line{position:absolute;top:7%;bottom:10%;width:1px;background:#0072B288;display:none;pointer-events:none}
        .readout{font-size:.9rem;font-variant-numeric:tabular-nums;color:var(--soft);min-height:1.5em;margin:.2rem 0}
        .readout b{color:var(--ink);font-weight:600}
        .lens{width:100%;border:1px solid var(--line);border-radius:6px}
        pre{background:#f4f6f8;border:1px solid var(--line);border-radius:6px;padding:10px 14px;overflow-x:auto;font:13px/1.45 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
        details{margin:10px 0}summary{cursor:pointer;color:var(--blue)}
        footer{max-width:1120px;margin:0 auto 32px;padding:0 40px;color:var(--soft);font-size:.82rem;overflow-wrap:anywhere}
        @media(max-width:700px){main{padding:20px 16px;margin:0;border:0;border-radius:0}footer{padding:16px}}
        @media print{body{background:#fff}main{border:0;margin:0;padding:0;max-width:none}.lens,.readout,nav{display:none}}
        """

    /// Reads the nearest point under the pointer and draws 4 % of the range around it on the canvas.
    static let fitScript = """
        document.querySelectorAll('figure.fit').forEach(function(f){
        var d=JSON.parse(f.querySelector('script').textContent),x=d.x,n=x.length;if(n<2)return;
        var plot=f.querySelector('.plot'),line=f.querySelector('.line'),out=f.querySelector('.readout'),cv=f.querySelector('canvas'),g=cv.getContext('2d');
        function find(t){var a=0,b=n-1;while(b-a>1){var m=(a+b)>>1;if(x[m]<t)a=m;else b=m}return t-x[a]<x[b]-t?a:b}
        function fmt(v){return v===null?'–':v===0?'0':Math.abs(v)>=1000?v.toFixed(0):v.toPrecision(4)}
        function lens(t){var half=(x[n-1]-x[0])*.02,lo=Math.max(x[0],t-half),hi=Math.min(x[n-1],t+half),i0=find(lo),i1=find(hi),W=cv.width,H=cv.height,L=90,R=W-20,T=14,B=H-72,top=1e-9,i;
        for(i=i0;i<=i1;i++)top=Math.max(top,d.o[i],d.c[i]);
        function X(v){return L+(v-lo)/(hi-lo)*(R-L)}function Y(v){return B-v/(top*1.05)*(B-T)}
        g.clearRect(0,0,W,H);g.fillStyle='#fff';g.fillRect(0,0,W,H);g.font='15px system-ui,DejaVu Sans,sans-serif';g.strokeStyle='#606060';g.lineWidth=1;
        g.beginPath();g.moveTo(L,T);g.lineTo(L,B);g.lineTo(R,B);g.stroke();g.fillStyle='#404040';g.textAlign='right';g.textBaseline='middle';
        [0,.5,1].forEach(function(s){g.fillText(fmt(top*s),L-8,Y(top*s))});g.textAlign='center';g.textBaseline='top';
        for(i=0;i<=4;i++){var v=lo+(hi-lo)*i/4;g.textAlign=i==0?'left':i==4?'right':'center';g.fillText(v.toFixed(2)+'°',X(v),H-20)}g.textAlign='center';
        d.phases.forEach(function(p,k){g.strokeStyle=g.fillStyle=p.color;var last=-99;p.at.forEach(function(a,j){if(a<lo||a>hi)return;var px=X(a);g.beginPath();g.moveTo(px,B+6+k*7);g.lineTo(px,B+14+k*7);g.stroke();
        if(p.hkl[j]&&px-last>58&&k==0){g.fillText(p.hkl[j],px,B+17+(d.phases.length-1)*7);last=px}})});
        g.strokeStyle='#D55E00';g.lineWidth=2;g.beginPath();for(i=i0;i<=i1;i++){if(d.c[i]===null)continue;g.lineTo(X(x[i]),Y(d.c[i]))}g.stroke();
        g.fillStyle='#404040';for(i=i0;i<=i1;i++){if(d.o[i]===null)continue;g.beginPath();g.arc(X(x[i]),Y(d.o[i]),2.6,0,7);g.fill()}
        g.strokeStyle='#0072B288';g.lineWidth=1;g.beginPath();g.moveTo(X(t),T);g.lineTo(X(t),B);g.stroke();cv.hidden=false}
        plot.addEventListener('pointermove',function(e){var r=plot.getBoundingClientRect(),s=((e.clientX-r.left)/r.width-d.left)/(d.right-d.left);if(s<0||s>1){return}
        var i=find(x[0]+s*(x[n-1]-x[0])),t=x[i];line.style.display='block';line.style.left=100*(d.left+(t-x[0])/(x[n-1]-x[0])*(d.right-d.left))+'%';
        var near='';d.phases.forEach(function(p){var best=-1,gap=(x[n-1]-x[0])*.004;p.at.forEach(function(a,j){if(Math.abs(a-t)<gap){gap=Math.abs(a-t);best=j}});if(best>=0&&p.hkl[best])near+=' · '+p.name+' '+p.hkl[best]});
        out.textContent='';[['2θ ',t.toFixed(3)+'°'],['  observed ',fmt(d.o[i])],['  calculated ',fmt(d.c[i])],['  difference ',d.o[i]===null||d.c[i]===null?'–':fmt(d.o[i]-d.c[i])]].forEach(function(q){out.append(q[0]);var b=document.createElement('b');b.textContent=q[1];out.append(b)});out.append(near);lens(t)})});
        """

    /// Reads the grid point under the pointer.
    static let surfaceScript = """
        document.querySelectorAll('figure.surface').forEach(function(f){
        var d=JSON.parse(f.querySelector('script').textContent),plot=f.querySelector('.plot'),out=f.querySelector('.readout');
        function at(s,n){return Math.max(0,Math.min(n-1,Math.floor(s*n)))}
        plot.addEventListener('pointermove',function(e){var r=plot.getBoundingClientRect(),s=((e.clientX-r.left)/r.width-d.left)/(d.right-d.left),t=1-((e.clientY-r.top)/r.height-(1-d.top))/(d.top-d.bottom);
        if(s<0||s>1||t<0||t>1)return;var i=at(s,d.x.length),j=at(t,d.y.length),v=d.v[j][i];out.textContent='';
        [[d.names[0]+' ',d.x[i]+' '+d.units[0]],['  '+d.names[1]+' ',d.y[j]+' '+d.units[1]],['  '+d.names[2]+' ',v===null?'–':v.toPrecision(5)]].forEach(function(q){out.append(q[0]);var b=document.createElement('b');b.textContent=q[1];out.append(b)})})});
        """

    /// Reads the point of every curve nearest to the pointer's place on the axis.
    static let curveScript = """
        document.querySelectorAll('figure.curve').forEach(function(f){
        var d=JSON.parse(f.querySelector('script').textContent),plot=f.querySelector('.plot'),line=f.querySelector('.line'),out=f.querySelector('.readout');
        function find(x,t){var a=0,b=x.length-1;while(b-a>1){var m=(a+b)>>1;if(x[m]<t)a=m;else b=m}return t-x[a]<x[b]-t?a:b}
        plot.addEventListener('pointermove',function(e){var r=plot.getBoundingClientRect(),s=((e.clientX-r.left)/r.width-d.left)/(d.right-d.left);
        if(s<0||s>1)return;var t=d.range[0]+s*(d.range[1]-d.range[0]);line.style.display='block';line.style.left=(e.clientX-r.left)+'px';out.textContent='';
        function put(a,b){out.append(a);var q=document.createElement('b');q.textContent=b;out.append(q)}
        put(d.axis+' ',t.toPrecision(6));d.curves.forEach(function(c){var i=find(c.x,t),v=c.y[i];put('  '+c.name+' ',v===null?'–':v.toPrecision(5))})})});
        """
}
