import { html } from 'hono/html'

/** The picture of the home page: three pots stand on a page of the class list. */
export const shelf = html`<div class="shelf">
      <svg viewBox="0 0 400 170" role="img" aria-label="A vase, a bowl and a mug with cobalt glaze">
        <defs>
          <clipPath id="vase"><path d="M66 12h36c-4 26 10 36 21 54 17 28 15 68-13 92-3 3-5 6-5 12H63c0-6-2-9-5-12-28-24-30-64-13-92 11-18 25-28 21-54z"/></clipPath>
          <clipPath id="bowl"><path d="M158 92h122c0 42-24 64-40 70v8h-42v-8c-16-6-40-28-40-70z"/></clipPath>
          <clipPath id="mug"><path d="M308 84h62c4 30 4 58-2 86h-58c-6-28-6-56-2-86z"/></clipPath>
        </defs>
        <g clip-path="url(#vase)">
          <path class="clay" d="M0 0h200v180H0z"/>
          <path class="glaze" d="M20 74c22-12 30 10 52 0s30 10 62-4v28c-30 12-40-8-62 2s-32-10-52 0z"/>
          <path class="spark" d="M20 122h130v14H20z"/>
          <path class="glaze" d="M60 0h60v26H60z"/>
        </g>
        <g clip-path="url(#bowl)">
          <path class="clay" d="M150 80h140v100H150z"/>
          <path class="glaze" d="M150 80h140v26c-12 14-22-4-34 8s-22 2-34 12-20-10-34-2-22-4-38 4z"/>
        </g>
        <path class="handle" d="M371 104c30-4 30 44-4 42"/>
        <g clip-path="url(#mug)">
          <path class="spark" d="M296 70h90v110h-90z"/>
          <path class="clay" d="M296 146h90v34h-90z"/>
          <g class="glaze"><circle cx="322" cy="112" r="6"/><circle cx="340" cy="126" r="6"/><circle cx="358" cy="112" r="6"/></g>
        </g>
      </svg>
      <ul class="week">
        <li><span><strong>Wheel, beginners</strong><br>Tuesday 18:30</span><span class="places">7 of 8</span></li>
        <li><span><strong>Bisque firing</strong><br>Wednesday, kiln 1</span><span class="places">4 shelves</span></li>
        <li><span><strong>Glazing with Ruth</strong><br>Saturday 10:00</span><span class="places full">Full, 3 waiting</span></li>
      </ul>
    </div>`
