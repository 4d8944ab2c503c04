FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Scripts of packages bring a browser, another Node and a PostgreSQL, which only the tests want.
RUN npm ci --ignore-scripts
COPY vite.config.ts tsconfig.json ./
# The configuration of the build is that of the tests too, and names this.
COPY test/support/browser.ts test/support/browser.ts
COPY scripts scripts
COPY snippet snippet
COPY widget widget
COPY console console
COPY sdk sdk
COPY server server
RUN node scripts/build.ts

# What runs needs nothing but Node and the built files.
FROM node:24-alpine
WORKDIR /app
COPY LICENSE CHANGELOG.md package.json ./
COPY --from=build /app/dist dist
RUN ln -s /app/dist/server/cli.js /usr/local/bin/mislata \
  && chmod 755 /app/dist/server/cli.js \
  && install -d -o node -g node -m 700 /data
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8787 DATABASE_URL=sqlite:/data/mislata.db
USER node
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD wget -q -O /dev/null "http://127.0.0.1:${PORT}/healthz" || exit 1
ENTRYPOINT ["node", "--expose-gc", "--max-semi-space-size=4", "--max-old-space-size=1024", "dist/server/cli.js"]
CMD ["serve"]
