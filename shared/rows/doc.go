// Package rows writes messages as HTML: the server for the page that can be
// read before the app has arrived, the app for everything after. Both give the
// same bytes for the same message, so the app can take the server's rows over.
//
// # What comes out
//
//	<article class="row head" data-author="u1" id="m12" data-seq="12">
//	  <div class="day" role="separator">…</div>          on the first row of a day
//	  <div class="unread" role="separator">…</div>       above the first unread row
//	  <div class="line">
//	    <span class="avatar hue3" aria-hidden="true">AL</span>
//	    <div class="who"><b class="name">…</b><time>…</time></div>
//	    <a class="quote" href="…" data-do="jump" data-to="9">…</a>        of a reply
//	    <input type="checkbox" class="fold vh">                           of a long one
//	    <div class="text" dir="auto">…</div>
//	    <label class="unfold">…</label>
//	    <div class="files" role="group">                                  what is attached
//	      <a class="picture" data-do="picture" href="…"><img …></a>
//	      <a class="file" href="…" download="…"><span class="file-kind">…</span>…</a>
//	    </div>
//	    <button class="edited" data-do="revisions">…</button>
//	    <div class="reactions" role="group"><button class="reaction"…     each, and one for more
//	  </div>
//	</article>
//
// A row without "head" goes on where the row above it stopped: same author,
// same day, within [GroupGap]. Its time stands where the avatar would.
//
// A row that calls its reader has the class "calls"; mentions in it are
// <span class="mention">, those of the reader with "me". What data-do names the app
// does; a long message unfolds without it.
//
// Rows on their way (see [Writer.Pending]) have data-nonce and data-state.
//
// # Safety
//
// A message's HTML is written as it is: the server, which renders and sanitises
// it, answers for it (package markup). All other text of people passes through
// [Escape]; nothing of it is ever markup, nor
// part of a tag except as the href of a link whose scheme is http, https or
// mailto. The fuzz test takes the output apart and finds the input again.
package rows
