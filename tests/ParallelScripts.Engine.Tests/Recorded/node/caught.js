try {
  null.f();
} catch (error) {
  console.error(error);
}
console.log("went on");
